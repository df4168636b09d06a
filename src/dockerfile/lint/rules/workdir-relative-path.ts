import { quote } from '../../../spec/quote.ts';
import { ruleUrl, type Rule } from '../rule.ts';

export const workdirRelativePath: Rule = {
  name: 'WorkdirRelativePath',
  description:
    'Relative workdir without an absolute workdir declared within the build can have unexpected results if the base image changes',
  url: ruleUrl('workdir-relative-path'),
  on: {
    workdir({ command, path, isAbsolute, isFirst }, report) {
      if (!isFirst || isAbsolute) return;
      const message = `Relative workdir ${quote(path)} can have unexpected results if the base image changes`;
      report({ message, lines: command.origin.lines, span: command.path.span });
    },
  },
};
