import { replaceWord, ruleUrl, type Rule } from '../rule.ts';

export const exposeInvalidFormat: Rule = {
  name: 'ExposeInvalidFormat',
  description:
    'IP address and host-port mapping should not be used in EXPOSE instruction. This will become an error in a future release',
  url: ruleUrl('expose-invalid-format'),
  on: {
    port({ command: { origin }, text, word, flags }, report) {
      if (!flags.hostPart) return;
      report({
        message: `EXPOSE instruction should not define an IP address or host-port mapping, found '${text}'`,
        lines: origin.lines,
        span: word.span,
        fix: replaceWord(word, text.slice(text.lastIndexOf(':') + 1)),
      });
    },
  },
};
