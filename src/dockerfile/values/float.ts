import { NumberError } from './integer.ts';

const decimal = /^[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
const hexadecimal = /^([+-]?)0[xX](?=\.?[0-9a-fA-F])([0-9a-fA-F]*)(?:\.([0-9a-fA-F]*))?[pP]([+-]?[0-9]+)$/;
const infinity = /^([+-]?)inf(?:inity)?$/i;

/**
 * A floating-point number as Go writes it: decimal, hexadecimal with a `p` exponent, `inf` or `nan`.
 *
 * Throws a {@link NumberError}; a number too large for a float64 is out of range.
 *
 * @see https://pkg.go.dev/strconv#ParseFloat
 */
export function parseFloat64(text: string): number {
  const special = infinity.exec(text);
  if (special) return special[1] === '-' ? -Infinity : Infinity;
  if (/^nan$/i.test(text)) return NaN;
  const value = parseFinite(withoutUnderscores(text));
  if (Number.isNaN(value)) throw new NumberError('ParseFloat', text, 'invalid syntax');
  if (!Number.isFinite(value)) throw new NumberError('ParseFloat', text, 'value out of range');
  return value;
}

/** NaN if it is not a number. */
function parseFinite(text: string): number {
  if (decimal.test(text)) return Number(text);
  const match = hexadecimal.exec(text);
  if (!match) return NaN;
  const [, sign, whole = '', fraction = '', exponent] = match;
  const mantissa = Number(BigInt(`0x${whole}${fraction}`));
  const value = mantissa === 0 ? 0 : mantissa * 2 ** (Number(exponent) - 4 * fraction.length);
  return sign === '-' ? -value : value;
}

/** An underscore may only stand between digits, or between `0x` and a digit. Elsewhere it stays, for the syntax error. */
function withoutUnderscores(text: string): string {
  if (!text.includes('_')) return text;
  const digit = /^[+-]?0[xX]/.test(text) ? '0-9a-fA-F' : '0-9';
  const prefix = digit === '0-9' ? '' : 'xX';
  const misplaced = new RegExp(`(?:^|[^${digit}${prefix}])_|_(?:$|[^${digit}])`);
  return misplaced.test(text) ? text : text.replaceAll('_', '');
}
