import type { Environment } from './environment.ts';
import { WordError } from './word-error.ts';
import { createWordSplitter } from './word-splitter.ts';
import type { WordSplitter } from './word-splitter.ts';

/** How a word is read. */
export interface ExpandOptions {
  /** The Dockerfile's escape character. */
  readonly escape: '\\' | '`';
  /** Keep the quotes around quoted text. */
  readonly rawQuotes?: boolean;
  /** Keep the escape character in front of what it escapes. */
  readonly rawEscapes?: boolean;
  /** Take quotes for ordinary characters. */
  readonly skipQuotes?: boolean;
  /** Leave a variable that is not set as it stands, instead of replacing it by nothing. */
  readonly keepUnset?: boolean;
}

/** The part of a `${}` that is a word of its own. */
export interface Region {
  /** Offset of the `$`. */
  readonly opening: number;
  readonly stop: '}' | '/';
  readonly rawEscapes: boolean;
}

/** The state of one expansion. */
export interface Scan {
  /** The word as it was given, for messages. */
  readonly word: string;
  /** The same with U+FFFD for what is not Unicode; offsets are equal. */
  readonly text: string;
  readonly environment: Environment;
  readonly options: ExpandOptions;
  readonly matched: Set<string>;
  readonly unmatched: Set<string>;
  readonly splitter: WordSplitter;
  /** UTF-16 offset of what is read next. */
  at: number;
  /** The option of that name, which patterns turn on and defaults turn off. */
  rawEscapes: boolean;
  /** The outermost open region. */
  outermost: Region | undefined;
}

export const replacementCharacter = '\ufffd';
export const byteOrderMark = '\ufeff';

/** Longest expansion, in UTF-16 units: far beyond what a process or an image can take, and within what strings can. */
export const maximumLength = 2 ** 23;

export function startScan(word: string, environment: Environment, options: ExpandOptions): Scan {
  return {
    word,
    text: word.toWellFormed(),
    environment,
    options,
    matched: new Set(),
    unmatched: new Set(),
    splitter: createWordSplitter(),
    at: word.startsWith(byteOrderMark) ? 1 : 0,
    rawEscapes: options.rawEscapes ?? false,
    outermost: undefined,
  };
}

/** The next UTF-16 unit, or nothing at the end. */
export function peek(scan: Scan): string {
  return scan.text.charAt(scan.at);
}

/** Reads a whole character, or nothing at the end. */
export function takeCharacter(scan: Scan): string {
  const codePoint = scan.text.codePointAt(scan.at);
  if (codePoint === undefined) return '';
  const character = String.fromCodePoint(codePoint);
  scan.at += character.length;
  return character;
}

/** The value of a variable; notes that it was used. */
export function lookUp(scan: Scan, name: string): string | undefined {
  const value = scan.environment.get(name);
  (value === undefined ? scan.unmatched : scan.matched).add(name);
  return value;
}

/** `left + right`, if that is not too long. */
export function join(scan: Scan, left: string, right: string): string {
  if (left.length + right.length > maximumLength) throw tooLong(scan);
  return left + right;
}

/** The error for an expansion beyond {@link maximumLength}. */
export function tooLong(scan: Scan): WordError {
  return wordError(scan, 'expansion is too long', scan.at);
}

/** The error to throw. BuildKit blames everything that happens at the end of the text on the outermost open `${`. */
export function wordError(scan: Scan, reason: string, offset: number): WordError {
  const { word, matched, unmatched, outermost } = scan;
  if (!outermost || scan.at < scan.text.length) return new WordError(word, { reason, offset, matched, unmatched });
  const missing = outermost.stop === '}' ? "missing '}'" : "missing '/' in ${}";
  return new WordError(word, { reason: `syntax error: ${missing}`, offset: outermost.opening, matched, unmatched });
}
