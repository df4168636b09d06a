import { KilnError } from '../../diagnostic/kiln-error.ts';
import { Source, type Span } from '../../diagnostic/source.ts';
import { cleanPath } from '../../spec/slash-path.ts';
import { trimSpace } from '../lexer/whitespace.ts';

/** Size in bytes that a line, without its `\n`, must stay below. */
const lineLimit = 64 * 1024;

/**
 * The patterns of an ignore file, cleaned, in order. Exceptions keep their `!`.
 *
 * Lines with `#` in the first column are comments. Whether the patterns are valid is for the matcher to say.
 *
 * @throws KilnError `ignore/line-too-long` if a line, comments included, has 64 KiB or more.
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function readIgnoreFile(text: string): readonly string[] {
  return readIgnorePatterns(new Source('.dockerignore', text)).map(({ pattern }) => pattern);
}

/** A pattern and where it is. */
export interface PlacedPattern {
  readonly pattern: string;
  /** Of the pattern as it is written, with its `!`. */
  readonly span: Span;
}

/** As {@link readIgnoreFile}, with places. */
export function readIgnorePatterns(source: Source): readonly PlacedPattern[] {
  const patterns: PlacedPattern[] = [];
  let next = 0;
  for (const [index, line] of source.text.split('\n').entries()) {
    const start = next;
    next += line.length + 1;
    if (isTooLong(line)) throw lineTooLong(index + 1, { source, start, end: start + line.length });
    const content = index === 0 && line.startsWith('\ufeff') ? line.slice(1) : line;
    if (content.startsWith('#')) continue;
    const entry = trimSpace(content);
    if (entry === '') continue;
    const pattern = entry.startsWith('!') ? `!${cleanEntry(trimSpace(entry.slice(1)))}` : cleanEntry(entry);
    const from = start + line.indexOf(entry);
    patterns.push({ pattern, span: { source, start: from, end: from + entry.length } });
  }
  return patterns;
}

function cleanEntry(entry: string): string {
  if (entry === '') return '';
  const path = cleanPath(entry);
  return path.length > 1 && path.startsWith('/') ? path.slice(1) : path;
}

function isTooLong(line: string): boolean {
  if (line.length >= lineLimit) return true;
  if (line.length * 3 < lineLimit) return false;
  let bytes = 0;
  for (const character of line) bytes += byteLength(character.codePointAt(0) ?? 0);
  return bytes >= lineLimit;
}

function byteLength(codePoint: number): number {
  if (codePoint < 0x80) return 1;
  if (codePoint < 0x800) return 2;
  // A lone surrogate stands for one byte that was not valid UTF-8.
  if (codePoint >= 0xdc80 && codePoint <= 0xdcff) return 1;
  return codePoint < 0x10000 ? 3 : 4;
}

function lineTooLong(line: number, span: Span): KilnError {
  return new KilnError('ignore/line-too-long', `line ${line} of the ignore file is longer than 64 KiB`, {
    hint: 'split the line: an ignore file has one pattern a line',
    span: { ...span, end: span.start },
  });
}
