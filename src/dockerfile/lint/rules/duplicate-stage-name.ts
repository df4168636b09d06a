import { quote } from '../../../spec/quote.ts';
import { ruleUrl, type Rule } from '../rule.ts';

export const duplicateStageName: Rule = {
  name: 'DuplicateStageName',
  description: 'Stage names should be unique',
  url: ruleUrl('duplicate-stage-name'),
  on: {
    stageName({ from, isRepeated }, report) {
      if (!isRepeated) return;
      const message = `Duplicate stage name ${quote(from.name)}, stage names should be unique`;
      report({ message, lines: from.origin.lines, span: from.as?.name.span ?? from.origin.span });
    },
  },
};
