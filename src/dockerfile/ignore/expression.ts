import { single, type CodePointSet } from '../glob/code-point-set.ts';
import { readBracketClass } from './bracket-class.ts';
import { readClassEscape, readEscape } from './escape.ts';
import { ExpressionReader } from './expression-reader.ts';
import { readRepetition, repeat } from './repetition.ts';
import type { AssertionName, Expression, Term } from './term.ts';

const assertions: readonly (readonly [string, AssertionName])[] = [
  ['^', 'start'],
  ['\\A', 'start'],
  ['$', 'end'],
  ['\\z', 'end'],
  ['\\b', 'word-boundary'],
  ['\\B', 'no-word-boundary'],
];

const anyButNewline: CodePointSet = { ...single(0x0a), negated: true };

/**
 * Parses the expression that was written for a pattern: the part of Go's syntax that can come up there, in which the
 * only group is `(.*\/)?`.
 *
 * @param text the expression, from `planPattern`.
 * @param pattern what the user wrote, for the error.
 * @throws KilnError `ignore/bad-pattern` for what Go refuses.
 * @see https://pkg.go.dev/regexp/syntax
 */
export function parseExpression(text: string, pattern: string): Expression {
  const reader = new ExpressionReader(text, pattern);
  const alternatives: (readonly Term[])[] = [];
  do alternatives.push(mergeLiterals(readAlternative(reader)));
  while (reader.skips('|'));
  return alternatives;
}

function readAlternative(reader: ExpressionReader): Term[] {
  const terms: Term[] = [];
  while (!reader.atEnd && !reader.sees('|') && !reader.sees(')')) {
    const repetition = readRepetition(reader);
    if (!repetition) terms.push(...readTerms(reader));
    else {
      terms.push(...repeat(reader, terms.pop(), repetition));
      if (readRepetition(reader)) throw reader.error();
    }
  }
  return terms;
}

function readTerms(reader: ExpressionReader): readonly Term[] {
  for (const [spelling, name] of assertions) if (reader.skips(spelling)) return [{ kind: 'assertion', name }];
  if (reader.skips('\\Q')) return Array.from(reader.until('\\E'), (text) => ({ kind: 'literal', text }));
  if (reader.skips('(')) return [readGroup(reader)];
  const set = readSet(reader);
  if (set) return [{ kind: 'set', set, min: 1, max: 1 }];
  return [{ kind: 'literal', text: String.fromCodePoint(reader.sees('\\') ? readEscape(reader) : reader.next()) }];
}

function readGroup(reader: ExpressionReader): Term {
  const terms = readAlternative(reader);
  if (!reader.skips(')?') || readRepetition(reader)) throw reader.error();
  return { kind: 'optional', terms };
}

function readSet(reader: ExpressionReader): CodePointSet | undefined {
  if (reader.skips('.')) return anyButNewline;
  if (reader.skips('[')) return readBracketClass(reader);
  const members = readClassEscape(reader);
  return members && { members, negated: false };
}

function mergeLiterals(terms: readonly Term[]): readonly Term[] {
  const merged: Term[] = [];
  for (const term of terms) {
    const last = merged.at(-1);
    if (term.kind === 'literal' && last?.kind === 'literal') {
      merged[merged.length - 1] = { kind: 'literal', text: last.text + term.text };
    } else merged.push(term);
  }
  return merged;
}
