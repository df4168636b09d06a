import { replaceWord, ruleUrl, type Rule } from '../rule.ts';

export const exposeProtoCasing: Rule = {
  name: 'ExposeProtoCasing',
  description: 'Protocol in EXPOSE instruction should be lowercase',
  url: ruleUrl('expose-proto-casing'),
  on: {
    port({ command: { origin }, text, word, flags }, report) {
      if (!flags.protocolNotLowercase) return;
      report({
        message: `Defined protocol '${text}' in EXPOSE instruction should be lowercase`,
        lines: origin.lines,
        span: word.span,
        fix: replaceWord(word, text.toLowerCase()),
      });
    },
  },
};
