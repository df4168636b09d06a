import type { Escape } from '../parser/ast.ts';
import { startLexer } from './argument-lexer.ts';
import { encodeText, encodedLength } from './decode.ts';

/** A flag; offsets count UTF-16 units of the text that was read. */
export interface Flag {
  /** Quotes and escapes removed. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
}

/** What {@link lexFlags} found. */
export interface LexedFlags {
  readonly flags: readonly Flag[];
  /** Offset behind them. */
  readonly rest: number;
  /** If the last of them ends inside a character: what is left of it, which stands at `rest` in the place of its end. */
  readonly split: string;
}

export interface FlagOptions {
  readonly escape: Escape;
  /** The text has no character above U+007F. */
  readonly ascii: boolean;
}

/**
 * Reads the `--name=value` words at the beginning of a text; `--` alone ends them. `rest` is the offset behind them.
 *
 * BuildKit reads flags byte by byte and takes each byte for a character: `é` arrives as `Ã©`, and the second byte of `à`
 * separates words. Who wants to build the same image has to do so too.
 */
export function lexFlags(text: string, options: FlagOptions): LexedFlags {
  const { escape, ascii } = options;
  if (!text.startsWith('--')) return { flags: [], rest: 0, split: '' };
  if (ascii) return { ...lexFlagBytes(text, escape), split: '' };
  const { flags, rest } = lexFlagCharacters(text, escape);
  const toUnits = unitOffsets(text);
  const placed = flags.map(({ value, start, end }) => ({ value, start: toUnits(start), end: toUnits(end) }));
  const behind = toUnits(rest);
  const split = splitCharacter(text.slice(0, behind), rest);
  const last = behind - split.length;
  return { flags: placed.map((flag) => ({ ...flag, end: Math.min(flag.end, last) })), rest: last, split };
}

/** The bytes of the last character of a text that lie behind an offset in bytes, each as what is not UTF-8 is held. */
function splitCharacter(text: string, byteOffset: number): string {
  const bytes = encodeText(text).subarray(byteOffset);
  return Array.from(bytes, (byte) => String.fromCharCode(0xdc00 + byte)).join('');
}

/** Offsets count bytes. Long texts with few flags are common, and only the flags are worth turning into bytes. */
function lexFlagCharacters(text: string, escape: Escape): ReturnType<typeof lexFlagBytes> {
  for (let length = 512; ; length *= 2) {
    const bytes = Buffer.from(encodeText(text.slice(0, length))).toString('latin1');
    const lexed = lexFlagBytes(bytes, escape);
    if (length >= text.length || lexed.rest + '--'.length <= bytes.length) return lexed;
  }
}

function lexFlagBytes(text: string, escape: Escape): { readonly flags: readonly Flag[]; readonly rest: number } {
  const flags: Flag[] = [];
  const lexer = startLexer(escape, text, 'flags');
  for (let at = 0; text.startsWith('--', at);) {
    const token = lexer.next();
    if (!token) break;
    const end = at + token.value.length;
    const value = unquote(token.value, escape);
    if (value === '--') return { flags, rest: end };
    const gap = lexer.next()?.value.length ?? 0;
    flags.push({ value, start: at, end });
    at = end + gap;
    if (!text.startsWith('--', at)) return { flags, rest: at };
  }
  return { flags, rest: text.length };
}

/** Escapes count inside both kinds of quotes. */
function unquote(text: string, escape: Escape): string {
  if (!text.includes(escape) && !text.includes('"') && !text.includes("'")) return text;
  let out = '';
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === escape) out += text.charAt(++at);
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    else out += character;
  }
  return out;
}

/** Turns rising byte offsets of a text into UTF-16 offsets; inside a character, the offset behind it. */
function unitOffsets(text: string): (byteOffset: number) => number {
  let bytes = 0;
  let units = 0;
  return (byteOffset) => {
    while (bytes < byteOffset && units < text.length) {
      const character = String.fromCodePoint(text.codePointAt(units) ?? 0);
      bytes += encodedLength(character);
      units += character.length;
    }
    return units;
  };
}
