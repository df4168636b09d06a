import { ruleUrl, type Rule } from '../rule.ts';

export const maintainerDeprecated: Rule = {
  name: 'MaintainerDeprecated',
  description: 'The MAINTAINER instruction is deprecated, use a label instead to define an image author',
  url: ruleUrl('maintainer-deprecated'),
  on: {
    statement({ statement: { name, lines, keyword } }, report) {
      if (name !== 'maintainer') return;
      report({ message: 'Maintainer instruction is deprecated in favor of using label', lines, span: keyword.span });
    },
  },
};
