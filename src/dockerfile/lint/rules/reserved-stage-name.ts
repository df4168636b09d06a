import { quote } from '../../../spec/quote.ts';
import { ruleUrl, type Rule } from '../rule.ts';

export const reservedStageName: Rule = {
  name: 'ReservedStageName',
  description: 'Reserved words should not be used as stage names',
  url: ruleUrl('reserved-stage-name'),
  on: {
    stageName({ from }, report) {
      if (from.name !== 'context' && from.name !== 'scratch') return;
      const message = `Stage name should not use the same name as reserved stage ${quote(from.name)}`;
      report({ message, lines: from.origin.lines, span: from.as?.name.span ?? from.origin.span });
    },
  },
};
