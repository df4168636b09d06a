import type { CodePointSet } from '../glob/code-point-set.ts';

/** A part of an expression. */
export type Term =
  | { readonly kind: 'literal'; readonly text: string }
  | RepeatedSet
  /** The terms, or nothing. */
  | { readonly kind: 'optional'; readonly terms: readonly Term[] }
  | { readonly kind: 'assertion'; readonly name: AssertionName };

/** From `min` to `max` code points of a set; `max` may be infinite. */
export interface RepeatedSet {
  readonly kind: 'set';
  readonly set: CodePointSet;
  readonly min: number;
  readonly max: number;
}

export type AssertionName = 'start' | 'end' | 'word-boundary' | 'no-word-boundary';

/** Alternatives, each a list of terms that match one after the other; the match may be anywhere in the text. */
export type Expression = readonly (readonly Term[])[];

/** The terms, inner ones included, that can match different amounts of text. */
export function stars(terms: readonly Term[]): readonly RepeatedSet[] {
  return terms.flatMap((term) => {
    if (term.kind === 'optional') return stars(term.terms);
    return term.kind === 'set' && term.max > term.min ? [term] : [];
  });
}

/** How many code points the terms take when counted repetitions are written out and unlimited ones left out. */
export function expandedLength(terms: readonly Term[]): number {
  let length = 0;
  for (const term of terms) {
    if (term.kind === 'optional') length += expandedLength(term.terms);
    else if (term.kind === 'set') length += term.max === Infinity ? term.min : term.max;
    else if (term.kind === 'literal') length += term.text.length;
  }
  return length;
}

/** Whether the term is a set with a count, other than once and any number of times. */
export function isCounted(term: Term): boolean {
  if (term.kind !== 'set') return false;
  return term.max === Infinity ? term.min > 0 : term.min !== 1 || term.max !== 1;
}
