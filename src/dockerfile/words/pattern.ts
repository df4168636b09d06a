import { byteOrderMark, replacementCharacter } from './scan.ts';
import { anyCharacter, createSegment } from './segment.ts';
import type { Segment } from './segment.ts';

/**
 * A shell pattern: `*` is any text and `?` any character, neither with a newline; brackets are ordinary characters.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_13
 */
export interface Pattern {
  readonly kind: 'pattern';
  /** What precedes the first star. */
  readonly first: Segment;
  /** What follows each star; empty where stars are neighbours, or the star is the last character. */
  readonly rest: readonly Segment[];
}

/** What is no pattern, in BuildKit's words. */
export interface InvalidPattern {
  readonly kind: 'invalid';
  readonly reason: string;
}

/** A backslash may precede these to take them literally. */
const escapable = '*?\\';

/** Reads a pattern. A backslash vanishes before `}` and `/`, which it protected from ending the pattern. */
export function parsePattern(text: string): Pattern | InvalidPattern {
  const characters = Array.from(text.toWellFormed());
  const stars: Segment[] = [];
  let codePoints: number[] = [];
  for (let index = characters[0] === byteOrderMark ? 1 : 0; index < characters.length; index++) {
    const character = characters[index] ?? '';
    const next = characters[index + 1] ?? replacementCharacter;
    if (character === '*') {
      stars.push(createSegment(codePoints));
      codePoints = [];
    } else if (character === '?') codePoints.push(anyCharacter);
    else if (character !== '\\') codePoints.push(codePointOf(character));
    else if (escapable.includes(next)) {
      codePoints.push(codePointOf(next));
      index++;
    } else if (next !== '}' && next !== '/') return { kind: 'invalid', reason: `invalid escape '\\${next}'` };
  }
  const last = createSegment(codePoints);
  const [first, ...rest] = stars;
  return first ? { kind: 'pattern', first, rest: [...rest, last] } : { kind: 'pattern', first: last, rest: [] };
}

/**
 * The pattern that matches the reverse of what a pattern matches, as BuildKit makes it: a backslash at the very end
 * comes to escape what it followed.
 */
export function reversePattern(text: string): string {
  const pieces = text.toWellFormed().match(/\\?[^]/gu) ?? [];
  return pieces.reverse().join('');
}

function codePointOf(character: string): number {
  return character.codePointAt(0) ?? 0;
}
