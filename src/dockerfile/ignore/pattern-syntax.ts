import { badPattern } from './bad-pattern.ts';

/**
 * Checks a pattern the way the reference does: by whether Go's filepath.Match, asked to match it with `.`, complains.
 *
 * filepath.Match takes a pattern in chunks, each with the stars before it, and does not look behind a chunk that does
 * not match. So this sees the first chunk and, if that matches the dot, the second. Mistakes farther on come to light
 * when the pattern is used, unless they happen to mean something then.
 *
 * @throws KilnError `ignore/bad-pattern`
 * @see https://pkg.go.dev/path/filepath#Match
 */
export function checkSyntax(pattern: string): void {
  const first = readChunk(pattern, 0);
  if (first.matchesDot) readChunk(pattern, first.end);
}

/** A piece of a pattern: where it ends, and whether it matches a dot and nothing else. */
interface Piece {
  readonly end: number;
  readonly matchesDot: boolean;
}

function readChunk(pattern: string, start: number): Piece {
  let at = start;
  while (pattern.startsWith('*', at)) at++;
  const first = at;
  let matchesDot = false;
  while (at < pattern.length && !pattern.startsWith('*', at)) {
    const piece = readPiece(pattern, at);
    matchesDot = at === first && piece.matchesDot;
    at = piece.end;
  }
  return { end: at, matchesDot };
}

function readPiece(pattern: string, start: number): Piece {
  const character = pattern.charAt(start);
  if (character === '[') return readClass(pattern, start + 1);
  if (character === '\\') {
    if (start + 1 === pattern.length) throw badPattern(pattern);
    return { end: start + 2, matchesDot: pattern.startsWith('.', start + 1) };
  }
  return { end: start + 1, matchesDot: character === '.' || character === '?' };
}

/** The rest of a class whose `[` has been read; `-` and `]` can be members only when escaped. */
function readClass(pattern: string, start: number): Piece {
  const negated = pattern.startsWith('^', start);
  let at = negated ? start + 1 : start;
  let hasDot = false;
  do {
    const first = readMember(pattern, at);
    const last = pattern.startsWith('-', first.end) ? readMember(pattern, first.end + 1) : first;
    if (first.codePoint <= dot && dot <= last.codePoint) hasDot = true;
    at = last.end;
  } while (!pattern.startsWith(']', at));
  return { end: at + 1, matchesDot: hasDot !== negated };
}

const dot = 0x2e;

function readMember(pattern: string, start: number): { readonly codePoint: number; readonly end: number } {
  if (pattern.startsWith('-', start) || pattern.startsWith(']', start)) throw badPattern(pattern);
  const at = pattern.startsWith('\\', start) ? start + 1 : start;
  const codePoint = pattern.codePointAt(at);
  // A lone surrogate stands for a byte that was not valid UTF-8.
  if (codePoint === undefined || (codePoint >= 0xd800 && codePoint <= 0xdfff)) throw badPattern(pattern);
  const end = at + (codePoint > 0xffff ? 2 : 1);
  if (end === pattern.length) throw badPattern(pattern);
  return { codePoint, end };
}
