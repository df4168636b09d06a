import { quote } from '../../spec/quote.ts';
import { ValueError } from '../../spec/value-error.ts';

/** Why a text is not the number it was parsed as. */
export type NumberProblem = 'invalid syntax' | 'value out of range';

/** A text is not a number of the type wanted. */
export class NumberError extends ValueError {
  override readonly name = 'NumberError';
  readonly problem: NumberProblem;

  /** @param parser - Go's name for the parser, such as `ParseInt`. */
  constructor(parser: string, text: string, problem: NumberProblem) {
    super(`strconv.${parser}: parsing ${quote(text)}: ${problem}`);
    this.problem = problem;
  }
}

/** How a text is read as an integer. */
export interface IntegerFormat {
  readonly base: 8 | 10;
  /** Width of the type that must hold the number. */
  readonly bits: 16 | 32 | 64;
}

/**
 * A signed integer; a sign may lead it.
 *
 * Exact up to 2^53, beyond that rounded; the range check is always exact. Throws a {@link NumberError}.
 *
 * @see https://pkg.go.dev/strconv#ParseInt
 */
export function parseInteger(text: string, format: IntegerFormat): number {
  return signed('ParseInt', text, format);
}

/**
 * An unsigned integer; no sign may lead it. Exactness and errors as {@link parseInteger}.
 *
 * @see https://pkg.go.dev/strconv#ParseUint
 */
export function parseUnsigned(text: string, format: IntegerFormat): number {
  const value = magnitude(text, format);
  if (typeof value === 'string') throw new NumberError('ParseUint', text, value);
  return Number(value);
}

/**
 * A signed decimal integer of 64 bits. Exactness and errors as {@link parseInteger}.
 *
 * @see https://pkg.go.dev/strconv#Atoi
 */
export function atoi(text: string): number {
  return signed('Atoi', text, { base: 10, bits: 64 });
}

function signed(parser: string, text: string, format: IntegerFormat): number {
  const sign = text[0] === '-' || text[0] === '+' ? text[0] : '';
  const value = magnitude(text.slice(sign.length), format);
  if (typeof value === 'string') throw new NumberError(parser, text, value);
  const limit = 1n << BigInt(format.bits - 1);
  if (value > limit || (value === limit && sign !== '-')) throw new NumberError(parser, text, 'value out of range');
  return sign === '-' && value !== 0n ? -Number(value) : Number(value);
}

/** The first problem from the left decides: digits beyond the unsigned range hide a letter after them. */
function magnitude(text: string, format: IntegerFormat): bigint | NumberProblem {
  if (text === '') return 'invalid syntax';
  const limit = 1n << BigInt(format.bits);
  const base = BigInt(format.base);
  let value = 0n;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit >= format.base) return 'invalid syntax';
    value = value * base + BigInt(digit);
    if (value >= limit) return 'value out of range';
  }
  return value;
}
