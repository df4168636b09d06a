import { didYouMean, suggest } from '../../../diagnostic/suggest.ts';
import { ruleUrl, type Rule } from '../rule.ts';

export const undefinedArgInFrom: Rule = {
  name: 'UndefinedArgInFrom',
  description: 'FROM command must use declared ARGs',
  url: ruleUrl('undefined-arg-in-from'),
  on: {
    fromWord({ word, unmatched, declared, origin }, report) {
      for (const name of unmatched) {
        if (declared.has(name)) continue;
        const message = `FROM argument '${name}' is not declared${didYouMean(suggest(name, declared))}`;
        report({ message, lines: origin.lines, span: word.span });
      }
    },
  },
};
