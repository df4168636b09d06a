import { lazy } from './lazy.ts';

const escapes: Readonly<Record<string, string>> = {
  '"': '\\"',
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
};

const printable = lazy(() => /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]$/u);
const plain = /^[ !#-[\]-~]*$/;

/**
 * A string in double quotes with Go's escapes, the way BuildKit's messages quote (`%q`).
 *
 * A byte that was not valid UTF-8, which Kiln holds as U+DC00 + byte, becomes `\xNN`.
 *
 * @see https://pkg.go.dev/strconv#Quote
 */
export function quote(text: string): string {
  if (plain.test(text)) return `"${text}"`;
  let out = '"';
  for (const character of text)
    out += escapes[character] ?? (printable().test(character) ? character : escaped(character));
  return `${out}"`;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0xdc80 && code <= 0xdcff) return `\\x${hex(code - 0xdc00, 2)}`;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  if (code >= 0xd800 && code <= 0xdfff) return '\\ufffd';
  return code < 0x10000 ? `\\u${hex(code, 4)}` : `\\U${hex(code, 8)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}
