import { argumentWords } from '../../instructions/arguments.ts';
import { replaceWord, ruleUrl, type Rule } from '../rule.ts';

export const fromAsCasing: Rule = {
  name: 'FromAsCasing',
  description: "The 'as' keyword should match the case of the 'from' keyword",
  url: ruleUrl('from-as-casing'),
  on: {
    statement({ statement }, report) {
      const { keyword, lines } = statement;
      const as = statement.name === 'from' ? argumentWords(statement)[1] : undefined;
      if (!as || argumentWords(statement).length < 3) return;
      const wanted = inCaseOf(keyword.value, as.value);
      if (wanted === undefined || wanted === as.value) return;
      report({
        message: `'${as.value}' and '${keyword.value}' keywords' casing do not match`,
        lines,
        span: as.span,
        fix: wanted.toLowerCase() === 'as' ? replaceWord(as, wanted) : undefined,
      });
    },
  },
};

/** A word in the case of another; undefined if that one is in mixed case, which another rule minds. */
function inCaseOf(model: string, word: string): string | undefined {
  if (model === model.toLowerCase()) return word.toLowerCase();
  return model === model.toUpperCase() ? word.toUpperCase() : undefined;
}
