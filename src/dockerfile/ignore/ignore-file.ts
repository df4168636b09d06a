import { KilnError } from '../../diagnostic/kiln-error.ts';
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
  const patterns: string[] = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (isTooLong(line)) throw lineTooLong(index + 1);
    const content = index === 0 && line.startsWith('\ufeff') ? line.slice(1) : line;
    if (content.startsWith('#')) continue;
    const entry = trimSpace(content);
    if (entry === '') continue;
    patterns.push(entry.startsWith('!') ? `!${cleanEntry(trimSpace(entry.slice(1)))}` : cleanEntry(entry));
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

function lineTooLong(line: number): KilnError {
  return new KilnError('ignore/line-too-long', `line ${line} of the ignore file is longer than 64 KiB`, {
    hint: 'split the line: an ignore file has one pattern a line',
  });
}
