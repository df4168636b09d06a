import { ruleUrl, type Rule } from '../rule.ts';

export const jsonArgsRecommended: Rule = {
  name: 'JSONArgsRecommended',
  description: 'JSON arguments recommended for ENTRYPOINT/CMD to prevent unintended behavior related to OS signals',
  url: ruleUrl('json-args-recommended'),
  on: {
    commandLine({ command: { origin }, isShellSet }, report) {
      if (isShellSet) return;
      const message = `JSON arguments recommended for ${origin.keyword.value} to prevent unintended behavior related to OS signals`;
      report({ message, lines: origin.lines, span: origin.span });
    },
  },
};
