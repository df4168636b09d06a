import type { Span } from '../../../diagnostic/source.ts';
import { suggest } from '../../../diagnostic/suggest.ts';
import type { Word } from '../../parser/ast.ts';
import { ruleUrl, type Rule } from '../rule.ts';

export const undefinedVar: Rule = {
  name: 'UndefinedVar',
  description: 'Variables should be defined before their use',
  url: ruleUrl('undefined-var'),
  on: {
    undefinedVariables({ names, defined, word, origin }, report) {
      for (const name of names) {
        const meant = defined.size > mostCandidates ? undefined : suggest(name, defined.keys());
        const hint = meant === undefined ? '' : ` (did you mean $${meant}?)`;
        report({
          message: `Usage of undefined variable '$${name}'${hint}`,
          lines: origin.lines,
          span: spanOf(name, word),
        });
      }
    },
  },
};

/** Comparing with every variable of a huge file would take longer than the file is worth. */
const mostCandidates = 500;

/** Where a word uses a variable. */
function spanOf(name: string, { span }: Word): Span {
  const { source, start, end } = span;
  const text = source.text.slice(start, end);
  const at = [`$${name}`, `\${${name}`].map((use) => text.indexOf(use)).filter((found) => found >= 0);
  if (at.length === 0) return span;
  const from = start + Math.min(...at);
  const length = source.text.startsWith('${', from) ? source.text.slice(from, end).search(/\}|$/) + 1 : name.length + 1;
  return { source, start: from, end: Math.min(from + length, end) };
}
