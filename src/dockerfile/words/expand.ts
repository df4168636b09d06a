import type { Environment } from './environment.ts';
import { expandDoubleQuotes, expandSingleQuotes } from './quotes.ts';
import { expandRegions } from './region.ts';
import type { Expanding } from './region.ts';
import { byteOrderMark, join, peek, startScan, takeCharacter, wordError } from './scan.ts';
import type { ExpandOptions, Region, Scan } from './scan.ts';
import { substitute } from './substitution.ts';
import { splitWords } from './word-splitter.ts';

export type { ExpandOptions } from './scan.ts';

/** What became of a word. */
export interface Expansion {
  /** The word without quotes and with values for variables. */
  readonly result: string;
  /** The result split at white space that was not quoted. */
  readonly words: readonly string[];
  /** The variables it uses that are set, in order of first use. */
  readonly matched: ReadonlySet<string>;
  /** The variables it uses that are not set, in order of first use. */
  readonly unmatched: ReadonlySet<string>;
}

const special = /["$'<\\`]/;
const none: ReadonlySet<string> = new Set();

/**
 * Replaces the variables of a word and removes its quotes and escapes.
 *
 * What is not Unicode in the word becomes U+FFFD, as in BuildKit.
 *
 * @throws WordError if the word is malformed, requires a variable that is not set, or expands to too much.
 * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
 */
export function expandWord(word: string, environment: Environment, options: ExpandOptions): Expansion {
  if (isPlain(word)) return new PlainExpansion(word);
  const scan = startScan(word, environment, options);
  const result = expandRegions(scan, expandText);
  return { result, words: scan.splitter.finish(), matched: scan.matched, unmatched: scan.unmatched };
}

/** Of a word in which nothing is special. Few ask for the words. */
class PlainExpansion implements Expansion {
  readonly result: string;
  readonly matched = none;
  readonly unmatched = none;

  constructor(result: string) {
    this.result = result;
  }

  get words(): readonly string[] {
    return splitWords(this.result);
  }
}

function isPlain(word: string): boolean {
  return !special.test(word) && !word.startsWith(byteOrderMark) && word.isWellFormed();
}

/** Expands the text of a region up to its end, or all. Only outside of regions do words matter. */
function* expandText(scan: Scan, stop: Region['stop'] | undefined): Expanding {
  const words = stop ? undefined : scan.splitter;
  let result = '';
  while (scan.at < scan.text.length) {
    const plain = takePlainText(scan, stop);
    result += plain;
    words?.add(plain);
    const next = peek(scan);
    if (next === stop) {
      scan.at++;
      return result;
    }
    if (next === '$') {
      const value = yield* substitute(scan);
      result = join(scan, result, value);
      words?.add(value);
    } else if (next !== '') {
      const quoted = next === '"' ? yield* expandDoubleQuotes(scan) : takeQuoted(scan, next);
      result = join(scan, result, quoted);
      words?.addQuoted(quoted);
    }
  }
  if (stop) throw wordError(scan, `missing '${stop}'`, scan.at);
  return result;
}

function takePlainText(scan: Scan, stop: Region['stop'] | undefined): string {
  const { text, at: start, options } = scan;
  for (; scan.at < text.length; scan.at++) {
    const character = text.charAt(scan.at);
    if (character === '$' || character === '<' || character === options.escape || character === stop) break;
    if ((character === '"' || character === "'") && !options.skipQuotes) break;
  }
  return text.slice(start, scan.at);
}

function takeQuoted(scan: Scan, next: string): string {
  switch (next) {
    case "'":
      return expandSingleQuotes(scan);
    case '<':
      return takeHeredocOperator(scan);
    default:
      return takeEscaped(scan);
  }
}

/** An escape character at the very end vanishes. */
function takeEscaped(scan: Scan): string {
  scan.at++;
  const raw = scan.rawEscapes ? scan.options.escape : '';
  return raw + takeCharacter(scan);
}

/** Space between `<<` and the name does not separate words. */
function takeHeredocOperator(scan: Scan): string {
  const { text, at: start } = scan;
  scan.at++;
  if (peek(scan) === '<') {
    scan.at++;
    while (scan.at < text.length && '\t\r '.includes(peek(scan))) scan.at++;
  }
  return text.slice(start, scan.at);
}
