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
      const candidates = defined.size > mostCandidates ? [] : [...defined.keys()];
      const uses = usesIn(word);
      for (const name of names) {
        const meant = suggest(name, candidates);
        const hint = meant === undefined ? '' : ` (did you mean $${meant}?)`;
        report({
          message: `Usage of undefined variable '$${name}'${hint}`,
          lines: origin.lines,
          span: uses.get(name) ?? word.span,
        });
      }
    },
  },
};

/** Comparing with every variable of a huge file would take longer than the file is worth. */
const mostCandidates = 500;

/** Where a word, or the text of a heredoc, uses each variable for the first time. */
function usesIn({ span: { source, start, end } }: Word): ReadonlyMap<string, Span> {
  const uses = new Map<string, Span>();
  const text = source.text.slice(start, end);
  for (const { 0: use, 1: braced, 2: plain, index } of text.matchAll(variable)) {
    const name = braced ?? plain ?? '';
    const from = start + index;
    if (!uses.has(name)) uses.set(name, { source, start: from, end: from + use.length });
  }
  return uses;
}

/** Without modifiers. */
const variable = /\$(?:\{(\p{Nd}+|[@*#?$!-]|[\p{L}_][\p{L}\p{Nd}_]*)\}?|(\p{Nd}+|[@*#?$!-]|[\p{L}_][\p{L}\p{Nd}_]*))/gu;
