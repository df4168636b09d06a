import { argumentWords } from '../../instructions/arguments.ts';
import { isStageName } from '../../values/stage-name.ts';
import { replaceWord, ruleUrl, type Rule } from '../rule.ts';

export const stageNameCasing: Rule = {
  name: 'StageNameCasing',
  description: 'Stage names should be lowercase',
  url: ruleUrl('stage-name-casing'),
  on: {
    statement({ statement }, report) {
      const name = statement.name === 'from' ? argumentWords(statement)[2] : undefined;
      if (!name || argumentWords(statement).length !== 3 || name.value === name.value.toLowerCase()) return;
      const lower = name.value.toLowerCase();
      report({
        message: `Stage name '${name.value}' should be lowercase`,
        lines: statement.lines,
        span: name.span,
        // What is no name either way, such as a variable, is another mistake.
        fix: isStageName(lower) ? replaceWord(name, lower) : undefined,
      });
    },
  },
};
