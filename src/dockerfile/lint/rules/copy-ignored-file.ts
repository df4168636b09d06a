import { quote } from '../../../spec/quote.ts';
import { ruleUrl, type Rule } from '../rule.ts';

export const copyIgnoredFile: Rule = {
  name: 'CopyIgnoredFile',
  description: 'Attempting to Copy file that is excluded by .dockerignore',
  url: ruleUrl('copy-ignored-file'),
  on: {
    contextSource({ command: { kind, origin }, path, span, isIgnored }, report) {
      if (!isIgnored) return;
      const verb = kind === 'add' ? 'Add' : 'Copy';
      const message = `Attempting to ${verb} file ${quote(path)} that is excluded by .dockerignore`;
      report({ message, lines: origin.lines, span });
    },
  },
};
