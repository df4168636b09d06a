import { single } from '../glob/code-point-set.ts';
import type { ExpressionReader } from './expression-reader.ts';
import type { Term } from './term.ts';

/** How often something may come; `max` may be infinite. */
export interface Repetition {
  readonly min: number;
  readonly max: number;
}

/** Go's limit for a counted repetition. */
const largestCount = 1000;

/** `*`, `{2}`, `{2,}` or `{2,3}`; undefined, and nothing is read, at anything else, such as `{a,b}` or `{02}`. */
export function readRepetition(reader: ExpressionReader): Repetition | undefined {
  if (reader.skips('*')) return { min: 0, max: Infinity };
  const counts = reader.match(/\{(?:0|[1-9]\d*)(?:,(?:0|[1-9]\d*)?)?\}/y);
  if (counts === undefined) return undefined;
  const [least = '', most = least] = counts.slice(1, -1).split(',');
  const min = Number(least);
  const max = most === '' ? Infinity : Number(most);
  if (min > max || min > largestCount || (max > largestCount && max !== Infinity)) throw reader.error();
  return { min, max };
}

/**
 * Terms that match repetitions of a term.
 *
 * Only a term for one character, or for none, can be repeated. Go would also take `a{2}\Q\E{3}`, the one way to write a
 * repetition of a repetition, which is an error here.
 */
export function repeat(reader: ExpressionReader, term: Term | undefined, { min, max }: Repetition): readonly Term[] {
  if (term?.kind === 'assertion') return min === 0 ? [] : [term];
  if (term?.kind === 'literal') return [{ kind: 'set', set: single(term.text.codePointAt(0) ?? 0), min, max }];
  if (term?.kind !== 'set' || term.min !== 1 || term.max !== 1) throw reader.error();
  return [{ ...term, min, max }];
}
