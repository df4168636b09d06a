import { parsePattern, reversePattern } from './pattern.ts';
import type { Pattern } from './pattern.ts';
import type { Expanding } from './region.ts';
import { replaceAll, replaceFirst } from './replace.ts';
import { lookUp, maximumLength, peek, replacementCharacter, takeCharacter, tooLong, wordError } from './scan.ts';
import type { Scan } from './scan.ts';
import { trimPrefix, trimSuffix } from './trim.ts';
import { takeVariableName } from './variable-name.ts';

/** A `${name` and where it stands. */
interface Parameter {
  readonly name: string;
  /** Offset of the `$`. */
  readonly opening: number;
}

/** The modifier of `${name:-word}`. */
interface Modifier {
  readonly operator: string;
  readonly colon: '' | ':';
  /** Offset of the colon, or of the operator. */
  readonly start: number;
}

/**
 * Reads and replaces what a `$` starts; a `$` that starts nothing stands for itself.
 *
 * @throws WordError
 * @see https://docs.docker.com/reference/dockerfile/#environment-replacement
 * @see https://pubs.opengroup.org/onlinepubs/9699919799/utilities/V3_chap02.html#tag_18_06_02
 */
export function* substitute(scan: Scan): Expanding {
  const opening = scan.at++;
  if (peek(scan) === '{') return yield* substituteBraced(scan, opening);
  const name = takeVariableName(scan);
  return name === '' ? '$' : valueOr(scan, name, `$${name}`);
}

function* substituteBraced(scan: Scan, opening: number): Expanding {
  scan.at++;
  const first = peek(scan);
  if (first === '') throw wordError(scan, "syntax error: missing '}'", opening);
  if ('{}:'.includes(first)) throw wordError(scan, 'syntax error: bad substitution', scan.at);
  const parameter: Parameter = { opening, name: takeVariableName(scan) };
  switch (peek(scan)) {
    case '}':
      scan.at++;
      return valueOr(scan, parameter.name, `\${${parameter.name}}`);
    case '/':
      scan.at++;
      return yield* substituteReplacing(scan, parameter);
    default:
      return yield* substituteModified(scan, parameter);
  }
}

/** `name}` has been dealt with: all the other forms but those with a slash, from the modifier on. */
function* substituteModified(scan: Scan, { name, opening }: Parameter): Expanding {
  const modifier = takeModifier(scan);
  const { operator, colon } = modifier;
  const trims = operator === '#' || operator === '%';
  if (colon ? trims : !'+-?#%'.includes(operator)) throw unsupported(scan, modifier);
  const wordStart = scan.at;
  const word = yield { opening, stop: '}', rawEscapes: trims };
  const value = lookUp(scan, name);
  if (value === undefined && scan.options.keepUnset) return `\${${name}${colon}${operator}${word}}`;
  const usable = colon && value === '' ? undefined : value;
  switch (operator) {
    case '-':
      return usable ?? word;
    case '+':
      return usable === undefined ? '' : word;
    case '?':
      if (usable !== undefined) return usable;
      throw wordError(scan, `${name}: ${word || `is not allowed to be ${value === '' ? 'empty' : 'unset'}`}`, opening);
    case '#':
    case '%':
      return trim(scan, value ?? '', { operator, word, start: wordStart });
    default:
      // BuildKit reads the word and the variable before it looks at what follows the colon.
      throw unsupported(scan, modifier);
  }
}

function takeModifier(scan: Scan): Modifier {
  const start = scan.at;
  const colon = peek(scan) === ':' ? ':' : '';
  scan.at += colon.length;
  return { start, colon, operator: takeCharacter(scan) || replacementCharacter };
}

function unsupported(scan: Scan, { colon, operator, start }: Modifier): Error {
  return wordError(scan, `unsupported modifier (${colon}${operator}) in substitution`, start);
}

/** `${name#pattern}`, doubled for the longest match, and with `%` at the end of the value. */
function trim(
  scan: Scan,
  value: string,
  { operator, word, start }: { operator: '#' | '%'; word: string; start: number },
): string {
  // Also if a variable's value brought the second sign.
  const preference = word.startsWith(operator) ? 'longest' : 'shortest';
  const text = preference === 'longest' ? word.slice(1) : word;
  if (operator === '#') return trimPrefix(value, patternOf(scan, text, start), preference);
  return trimSuffix(value, patternOf(scan, reversePattern(text), start), preference);
}

/** `${name/pattern/replacement}`, with two slashes for all matches, from behind the first slash on. */
function* substituteReplacing(scan: Scan, { name, opening }: Parameter): Expanding {
  const all = peek(scan) === '/';
  if (all) scan.at++;
  const patternStart = scan.at;
  const text = yield { opening, stop: '/', rawEscapes: true };
  const replacement = yield { opening, stop: '}', rawEscapes: true };
  const value = lookUp(scan, name);
  if (value === undefined && scan.options.keepUnset) return `\${${name}/${text}/${replacement}}`;
  const pattern = patternOf(scan, text, patternStart);
  if (!all) return replaceFirst(value ?? '', pattern, replacement);
  const result = replaceAll(value ?? '', pattern, { template: replacement, maximumLength });
  if (result === undefined) throw tooLong(scan);
  return result;
}

function patternOf(scan: Scan, text: string, start: number): Pattern {
  const pattern = parsePattern(text);
  if (pattern.kind === 'pattern') return pattern;
  throw wordError(scan, `invalid pattern (${text}) in substitution: ${pattern.reason}`, start);
}

function valueOr(scan: Scan, name: string, kept: string): string {
  return lookUp(scan, name) ?? (scan.options.keepUnset ? kept : '');
}
