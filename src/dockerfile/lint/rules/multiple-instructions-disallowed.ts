import { ruleUrl, type Rule } from '../rule.ts';

export const multipleInstructionsDisallowed: Rule = {
  name: 'MultipleInstructionsDisallowed',
  description: 'Multiple instructions of the same type should not be used in the same stage',
  url: ruleUrl('multiple-instructions-disallowed'),
  on: {
    onlyLast({ command, previous }, report) {
      if (!previous) return;
      const name = command.origin.keyword.value;
      const message = `Multiple ${name} instructions should not be used in the same stage because only the last one will be used`;
      // The earlier one is the one without effect.
      report({ message, lines: previous.lines, span: previous.span });
    },
  },
};
