import type { Member } from '../glob/code-point-set.ts';
import type { ExpressionReader } from './expression-reader.ts';
import { perlClasses, unicodeProperty } from './named-classes.ts';

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 };

/** `\d`, `\pL` and the like, which stand for several code points; undefined, and nothing is read, at anything else. */
export function readClassEscape(reader: ExpressionReader): readonly Member[] | undefined {
  const perl = reader.match(/\\[dDsSwW]/y);
  if (perl !== undefined) return perlClasses()[perl];
  const property = reader.match(/\\[pP]/y);
  return property === undefined ? undefined : [readProperty(reader, property === '\\P')];
}

/**
 * The code point that an escape stands for; the backslash is next.
 *
 * Go takes any escaped ASCII punctuation for itself and refuses letters and digits without a meaning, among them
 * backreferences, and everything that is not ASCII.
 */
export function readEscape(reader: ExpressionReader): number {
  const octal = reader.match(/\\(?:0[0-7]{0,2}|[1-7][0-7]{1,2})/y);
  if (octal !== undefined) return parseInt(octal.slice(1), 8);
  const hexadecimal = reader.match(/\\x(?:[\da-fA-F]{2}|\{0*[\da-fA-F]{1,6}\})/y);
  if (hexadecimal !== undefined) return codePoint(reader, parseInt(hexadecimal.replace(/^\\x\{?/, ''), 16));
  const control = reader.match(/\\[afnrtv]/y);
  if (control !== undefined) return controls[control.slice(1)] ?? 0;
  const itself = reader.match(/\\[^\da-zA-Z\u0080-\u{10ffff}]/uy);
  if (itself === undefined) throw reader.error();
  return itself.charCodeAt(1);
}

function codePoint(reader: ExpressionReader, value: number): number {
  if (value > 0x10ffff) throw reader.error();
  return value;
}

/** The name of one character or, in braces, of more; `\P` has been read. */
function readProperty(reader: ExpressionReader, negated: boolean): Member {
  const braced = reader.match(/\{[^}]*\}/y);
  const name = braced?.slice(1, -1) ?? String.fromCodePoint(reader.next());
  const turned = name.startsWith('^');
  const member = unicodeProperty(turned ? name.slice(1) : name, turned !== negated);
  if (!member) throw reader.error();
  return member;
}
