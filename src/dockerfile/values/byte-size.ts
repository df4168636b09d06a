import { byteLength } from '../../spec/byte-string.ts';
import { ValueError } from '../../spec/value-error.ts';
import { parseFloat64 } from './float.ts';

const multiples: ReadonlyMap<string, number> = new Map([
  ['b', 1],
  ['k', 2 ** 10],
  ['m', 2 ** 20],
  ['g', 2 ** 30],
  ['t', 2 ** 40],
  ['p', 2 ** 50],
]);

/**
 * A size such as `512`, `64k`, `1.5GiB` or `2 gb` in bytes, rounded down; units are powers of 1024.
 *
 * What no int64 holds becomes -2^63, as in Go on amd64. Throws a {@link ValueError}.
 *
 * @see https://pkg.go.dev/github.com/docker/go-units#RAMInBytes
 */
export function parseByteSize(text: string): number {
  const last = lastOfNumber(text);
  if (last < 0) throw new ValueError(`invalid size: '${text}'`);
  const number = parseFloat64(text.slice(0, text[last] === ' ' ? last : last + 1));
  if (number < 0) throw new ValueError(`invalid size: '${text}'`);
  return toInt64(number * multiple(text.slice(last + 1)));
}

/** Offset of the last digit, point or space; -1 if there is none. */
function lastOfNumber(text: string): number {
  let at = text.length - 1;
  while (at >= 0 && !'0123456789. '.includes(text.charAt(at))) at--;
  return at;
}

function multiple(suffix: string): number {
  if (suffix === '') return 1;
  if (byteLength(suffix) > 3) throw new ValueError(`invalid suffix: '${suffix}'`);
  const lower = suffix.toLowerCase();
  const factor = multiples.get(lower.charAt(0));
  const rest = lower.slice(1);
  const isUnit = rest === '' || (lower[0] !== 'b' && (rest === 'b' || rest === 'ib'));
  if (factor === undefined || !isUnit) throw new ValueError(`invalid suffix: '${lower}'`);
  return factor;
}

function toInt64(value: number): number {
  return value < 2 ** 63 ? Math.trunc(value) : -(2 ** 63);
}
