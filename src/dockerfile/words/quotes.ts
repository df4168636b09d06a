import type { Expanding } from './region.ts';
import { join, peek, wordError } from './scan.ts';
import type { Scan } from './scan.ts';
import { substitute } from './substitution.ts';

/** Reads text in single quotes, in which nothing is special. */
export function expandSingleQuotes(scan: Scan): string {
  const start = scan.at;
  const end = scan.text.indexOf("'", start + 1);
  scan.at = end < 0 ? scan.text.length : end + 1;
  if (end < 0) throw unclosed(scan, 'single', start);
  return scan.options.rawQuotes ? scan.text.slice(start, end + 1) : scan.text.slice(start + 1, end);
}

/** Reads text in double quotes, in which `$` and, before some characters, the escape character are special. */
export function* expandDoubleQuotes(scan: Scan): Expanding {
  const { text, options } = scan;
  const start = scan.at++;
  let result = options.rawQuotes ? '"' : '';
  while (scan.at < text.length) {
    const end = endOfPlainText(scan);
    result += text.slice(scan.at, end);
    scan.at = end;
    const special = peek(scan);
    if (special === '"') {
      scan.at++;
      return options.rawQuotes ? `${result}"` : result;
    }
    if (special === '$') result = join(scan, result, yield* substitute(scan));
    else if (special !== '') result += takeEscaped(scan);
  }
  throw unclosed(scan, 'double', start);
}

function endOfPlainText({ text, at, options }: Scan): number {
  let end = at;
  for (; end < text.length; end++) {
    const character = text.charAt(end);
    if (character === '"' || character === '$' || character === options.escape) break;
  }
  return end;
}

/** The escape character stays unless it escapes something; with `rawEscapes` it stays and comes once more. */
function takeEscaped(scan: Scan): string {
  const { escape } = scan.options;
  scan.at++;
  const next = peek(scan);
  const raw = scan.rawEscapes ? escape : '';
  if (next !== '"' && next !== '$' && next !== escape) return raw + escape;
  scan.at++;
  return raw + next;
}

function unclosed(scan: Scan, quotes: 'single' | 'double', start: number): Error {
  return wordError(scan, `unexpected end of statement while looking for matching ${quotes}-quote`, start);
}
