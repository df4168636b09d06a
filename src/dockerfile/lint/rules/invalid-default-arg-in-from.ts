import { ruleUrl, type Rule } from '../rule.ts';

export const invalidDefaultArgInFrom: Rule = {
  name: 'InvalidDefaultArgInFrom',
  description: 'Default value for global ARG results in an empty or invalid base image name',
  url: ruleUrl('invalid-default-arg-in-from'),
  on: {
    defaultBase({ from: { base, origin }, isValid }, report) {
      if (isValid) return;
      const message = `Default value for ARG ${base.value} results in empty or invalid base image name`;
      report({ message, lines: origin.lines, span: base.span });
    },
  },
};
