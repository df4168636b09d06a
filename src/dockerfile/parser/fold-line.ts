import { encodedLength } from '../lexer/decode.ts';
import { longestLine } from '../lexer/line-reader.ts';
import { isSpace, skipSpace } from '../lexer/whitespace.ts';
import type { Escape } from './ast.ts';

/** UTF-16 units, of which none takes more than three bytes. */
const longestPiece = 20_000;

/** Breaks a line that is longer than a parser reads into continued lines that mean the same. */
export function foldLine(line: string, escape: Escape): string {
  if (line.length * 3 <= longestLine || encodedLength(line) <= longestLine) return line;
  const pieces: string[] = [];
  let start = 0;
  while (line.length - start > longestPiece) {
    const end = findBreak(line, start, escape);
    if (end === line.length) break;
    pieces.push(line.slice(start, end) + escape);
    start = end;
  }
  return [...pieces, line.slice(start)].join('\n');
}

/** The best place near the longest length; if need be, a later one. */
function findBreak(line: string, start: number, escape: Escape): number {
  const latest = start + longestPiece;
  if (isSpace(line.charAt(latest)) && isBreak(line, latest, escape)) return latest;
  const canBreak = (at: number) => !isSpace(line.charAt(at)) && isBreak(line, at, escape);
  for (let at = latest; at > start; at--) if (canBreak(at)) return at;
  for (let at = latest; at < line.length; at++) if (canBreak(at)) return at;
  return line.length;
}

/** Whether the rest would be read on: it is no comment, not blank, and the escape character before it is not escaped. */
function isBreak(line: string, at: number, escape: Escape): boolean {
  const next = line.charAt(skipSpace(line, at));
  const splitsPair = /[\ud800-\udbff]/.test(line.charAt(at - 1)) && /[\udc00-\udfff]/.test(line.charAt(at));
  return next !== '' && next !== '#' && line.charAt(at - 1) !== escape && !splitsPair;
}
