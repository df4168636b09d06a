/** A piece of a pattern between two stars: characters to match one after the other. */
export interface Segment {
  /** Code points, or {@link anyCharacter}. */
  readonly codePoints: readonly number[];
  /** The same as text, unless there is an {@link anyCharacter}. */
  readonly literal: string | undefined;
}

/** Where something matched, in UTF-16 offsets. */
export interface Match {
  readonly start: number;
  readonly end: number;
}

/** Stands for any character but a newline. */
export const anyCharacter = -1;

const newline = 0x0a;

export function createSegment(codePoints: readonly number[]): Segment {
  if (codePoints.includes(anyCharacter)) return { codePoints, literal: undefined };
  return { codePoints, literal: codePoints.map((codePoint) => String.fromCodePoint(codePoint)).join('') };
}

/** How long a match can be at most, in UTF-16 units. */
export function longestMatch({ codePoints, literal }: Segment): number {
  return literal?.length ?? 2 * codePoints.length;
}

/** Where a match that starts at an offset ends. */
export function matchSegment({ codePoints, literal }: Segment, text: string, start: number): number | undefined {
  if (literal !== undefined) return text.startsWith(literal, start) ? start + literal.length : undefined;
  let at = start;
  for (const expected of codePoints) {
    const codePoint = text.codePointAt(at);
    if (codePoint === undefined) return undefined;
    if (expected === anyCharacter ? codePoint === newline : codePoint !== expected) return undefined;
    at += codePoint > 0xffff ? 2 : 1;
  }
  return at;
}

/** The first match that starts in `[from, to]`. */
export function findFirst(
  segment: Segment,
  text: string,
  { from, to }: { from: number; to: number },
): Match | undefined {
  if (segment.literal !== undefined) {
    // The slice keeps the search from running on behind `to`.
    const found = text.slice(from, to + segment.literal.length).indexOf(segment.literal);
    return found < 0 ? undefined : { start: from + found, end: from + found + segment.literal.length };
  }
  for (let start = from; start <= to; start++) {
    const end = isInsidePair(text, start) ? undefined : matchSegment(segment, text, start);
    if (end !== undefined) return { start, end };
  }
  return undefined;
}

/** The last match that starts in `[from, to]`. */
export function findLast(
  segment: Segment,
  text: string,
  { from, to }: { from: number; to: number },
): Match | undefined {
  if (segment.literal !== undefined) {
    const found = text.slice(from, to + segment.literal.length).lastIndexOf(segment.literal);
    return found < 0 ? undefined : { start: from + found, end: from + found + segment.literal.length };
  }
  for (let start = to; start >= from; start--) {
    const end = isInsidePair(text, start) ? undefined : matchSegment(segment, text, start);
    if (end !== undefined) return { start, end };
  }
  return undefined;
}

/** Whether an offset of a well-formed text is between the two units of a character. */
function isInsidePair(text: string, offset: number): boolean {
  const unit = text.charCodeAt(offset);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
