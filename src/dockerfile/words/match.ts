import type { Pattern } from './pattern.ts';
import { findFirst, findLast, longestMatch, matchSegment } from './segment.ts';
import type { Match } from './segment.ts';

/** Which of the matches that start at the same place. */
export type Preference = 'shortest' | 'longest';

/**
 * Where a match of a pattern that starts at an offset of a well-formed text ends, or undefined if there is none.
 *
 * No step is taken back: what follows a segment has the widest choice where the segment matches first, since all places
 * that one star can reach are on one line. So each segment is searched for once.
 */
export function matchPattern(
  { first, rest }: Pattern,
  text: string,
  { start, preference }: { readonly start: number; readonly preference: Preference },
): number | undefined {
  let at = matchSegment(first, text, start);
  let lineEnd = -1;
  for (const [index, segment] of rest.entries()) {
    if (at === undefined) break;
    if (lineEnd < at) lineEnd = endOfLine(text, at);
    const find = preference === 'longest' && index === rest.length - 1 ? findLast : findFirst;
    at = find(segment, text, { from: at, to: lineEnd })?.end;
  }
  return at;
}

/** The first match of a pattern in a well-formed text at or after an offset, and of those the longest. */
export function findPattern(pattern: Pattern, text: string, from: number): Match | undefined {
  for (let at = from; at <= text.length;) {
    const found = findFirst(pattern.first, text, { from: at, to: text.length });
    if (!found) return undefined;
    const end = matchPattern(pattern, text, { start: found.start, preference: 'longest' });
    if (end !== undefined) return { start: found.start, end };
    // Of the starts on one line the first has the widest choice for what follows: the others need not be tried.
    at = Math.max(found.start, endOfLine(text, found.end) - longestMatch(pattern.first)) + 1;
  }
  return undefined;
}

function endOfLine(text: string, from: number): number {
  const newline = text.indexOf('\n', from);
  return newline < 0 ? text.length : newline;
}
