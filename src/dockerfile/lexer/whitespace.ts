/**
 * The white space of Go's `unicode.IsSpace`, which BuildKit trims with, as the inside of a character class.
 *
 * JavaScript's own idea (`\s`, `trim`) differs: it has U+FEFF and lacks U+0085.
 *
 * @see https://pkg.go.dev/unicode#IsSpace
 */
export const spaceClass = '\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';

/** What separates words of an instruction, as the inside of a character class; no Unicode here. */
export const gapClass = '\\t\\v\\f\\r ';

const space = new RegExp(`^[${spaceClass}]$`);

/** Whether a single UTF-16 unit is white space to Go. */
export function isSpace(character: string): boolean {
  return character <= ' '
    ? character === ' ' || (character >= '\t' && character <= '\r')
    : character >= '\u0085' && space.test(character);
}

/** Offset of the first unit at or after `from` that is not white space, or `to`. */
export function skipSpace(text: string, from = 0, to = text.length): number {
  let at = from;
  while (at < to && isSpace(text.charAt(at))) at++;
  return at;
}

/** Offset behind the last unit before `to` that is not white space, or `from`. */
export function skipSpaceBack(text: string, from = 0, to = text.length): number {
  let at = to;
  while (at > from && isSpace(text.charAt(at - 1))) at--;
  return at;
}

/** Go's `strings.TrimSpace`. */
export function trimSpace(text: string): string {
  const start = skipSpace(text);
  return text.slice(start, skipSpaceBack(text, start));
}
