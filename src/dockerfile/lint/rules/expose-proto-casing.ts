import { keepsPortOrder } from '../port-order.ts';
import { replaceWord, ruleUrl, type Rule } from '../rule.ts';

export const exposeProtoCasing: Rule = {
  name: 'ExposeProtoCasing',
  description: 'Protocol in EXPOSE instruction should be lowercase',
  url: ruleUrl('expose-proto-casing'),
  on: {
    port({ command: { origin, ports }, text, word, flags }, report) {
      if (!flags.protocolNotLowercase) return;
      const lower = text.toLowerCase();
      report({
        message: `Defined protocol '${text}' in EXPOSE instruction should be lowercase`,
        lines: origin.lines,
        span: word.span,
        fix: keepsPortOrder(ports, word, lower) ? replaceWord(word, lower) : undefined,
      });
    },
  },
};
