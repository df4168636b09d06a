import { parsePort, PortError } from '../../values/port.ts';
import { keepsPortOrder } from '../port-order.ts';
import { replaceWord, ruleUrl, type Rule } from '../rule.ts';

export const exposeInvalidFormat: Rule = {
  name: 'ExposeInvalidFormat',
  description:
    'IP address and host-port mapping should not be used in EXPOSE instruction. This will become an error in a future release',
  url: ruleUrl('expose-invalid-format'),
  on: {
    port({ command: { origin, ports }, text, word, flags }, report) {
      if (!flags.hostPart) return;
      const bare = text.slice(text.lastIndexOf(':') + 1);
      report({
        message: `EXPOSE instruction should not define an IP address or host-port mapping, found '${text}'`,
        lines: origin.lines,
        span: word.span,
        fix: isPort(text) && keepsPortOrder(ports, word, bare) ? replaceWord(word, bare) : undefined,
      });
    },
  },
};

/** What is wrong besides is for the user to mend. */
function isPort(text: string): boolean {
  try {
    parsePort(text);
    return true;
  } catch (error) {
    if (error instanceof PortError) return false;
    throw error;
  }
}
