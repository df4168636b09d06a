import { decodeText } from '../lexer/decode.ts';
import { spaceClass } from '../lexer/whitespace.ts';
import type { Escape } from './ast.ts';

/** What ends a word or changes its meaning. U+0085 and U+00A0 are also what single bytes look like. */
const special = { '\\': new RegExp(`[${spaceClass}'"\\\\]`), '`': new RegExp(`[${spaceClass}'"\`]`) };

/**
 * A flag such that its value is read back: quoted behind the `=` where that is needed.
 *
 * `value` is that of the parser, which holds every byte of the text as one character.
 */
export function printFlag(value: string, escape: Escape): string {
  const equals = value.indexOf('=') + 1;
  const start = equals === 0 || needsQuotes(value.slice(0, equals), escape) ? '--'.length : equals;
  const rest = value.slice(start);
  return bytesAsText(value.slice(0, start)) + (needsQuotes(rest, escape) ? quote(rest, escape) : bytesAsText(rest));
}

/** White space counts whether it is a byte or a character. */
function needsQuotes(value: string, escape: Escape): boolean {
  return special[escape].test(value) || special[escape].test(bytesAsText(value));
}

/** Unlike a shell, BuildKit heeds the escape character in both kinds of quotes. */
function quote(value: string, escape: Escape): string {
  const text = bytesAsText(value);
  const mark = text.includes("'") ? '"' : "'";
  return mark + text.replaceAll(escape, () => escape + escape).replaceAll(mark, () => escape + mark) + mark;
}

function bytesAsText(value: string): string {
  return decodeText(Buffer.from(value, 'latin1'));
}
