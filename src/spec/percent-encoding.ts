import { fromBytes, toBytes } from './byte-string.ts';
import { lazy } from './lazy.ts';
import { quote } from './quote.ts';
import { ValueError } from './value-error.ts';

/** The part of a URL a text belongs to; each leaves other characters as they are. */
export type UrlPart = 'path' | 'path-segment' | 'host' | 'zone' | 'userinfo' | 'query' | 'fragment';

const space = 0x20;
const percent = 0x25;
const plus = 0x2b;

const unreserved = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~';
const hostCharacters = `${unreserved}!$&'()*+,;=:[]<>"`;

const literal = lazy((): Readonly<Record<UrlPart, ReadonlySet<number>>> => ({
  path: codes(`${unreserved}$&+,/:;=@`),
  'path-segment': codes(`${unreserved}$&+:=@`),
  host: codes(hostCharacters),
  zone: codes(hostCharacters),
  userinfo: codes(`${unreserved}$&+,;=`),
  query: codes(unreserved),
  fragment: codes(`${unreserved}$&+,/:;=?@!()*`),
}));

/**
 * `%XX` for every byte of a text that may not stand for itself; in a query, `+` for a space.
 *
 * @see https://pkg.go.dev/net/url#PathEscape
 */
export function percentEncode(text: string, part: UrlPart): string {
  let out = '';
  for (const byte of toBytes(text)) {
    if (literal()[part].has(byte)) out += String.fromCharCode(byte);
    else if (byte === space && part === 'query') out += '+';
    else out += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return out;
}

/**
 * Inverse of {@link percentEncode}; throws a {@link ValueError} for a bad escape, or a character no host may hold.
 *
 * @see https://pkg.go.dev/net/url#PathUnescape
 */
export function percentDecode(text: string, part: UrlPart): string {
  const bytes = toBytes(text);
  const out = new Uint8Array(bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte === percent) {
      out[length++] = escapedByte(bytes.subarray(at, at + 3), part);
      at += 2;
    } else out[length++] = plainByte(byte, part);
  }
  return fromBytes(out.subarray(0, length));
}

function plainByte(byte: number, part: UrlPart): number {
  if (part === 'query') return byte === plus ? space : byte;
  if ((part === 'host' || part === 'zone') && byte < 0x80 && !literal()[part].has(byte)) {
    throw new ValueError(`invalid character ${quote(String.fromCharCode(byte))} in host name`);
  }
  return byte;
}

function escapedByte(escape: Uint8Array, part: UrlPart): number {
  const text = fromBytes(escape);
  if (!/^%[0-9a-fA-F]{2}$/.test(text)) throw new ValueError(`invalid URL escape ${quote(text)}`);
  const byte = Number.parseInt(text.slice(1), 16);
  // A host may hide only non-ASCII, and a zone nothing that it could not also write plainly, but for a space.
  const isHidden = part === 'host' ? byte < 0x80 : part === 'zone' && byte !== space && !literal().host.has(byte);
  if (isHidden && text !== '%25') throw new ValueError(`invalid URL escape ${quote(text)}`);
  return byte;
}

function codes(characters: string): ReadonlySet<number> {
  return new Set(Array.from(characters, (character) => character.charCodeAt(0)));
}
