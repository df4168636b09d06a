import { byteLength, toBytes } from '../../spec/byte-string.ts';
import { ValueError } from '../../spec/value-error.ts';

/** In nanoseconds. */
const units: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

const limit = 1n << 63n;

/**
 * A duration such as `1h30m` or `-1.5s`, in nanoseconds.
 *
 * Exact below 104 days, and for whole seconds up to 146 years; rounded beyond that. Throws a {@link ValueError} for
 * bad syntax, and from 2^63 ns.
 *
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function parseDuration(text: string): number {
  const sign = text[0] === '-' || text[0] === '+' ? text[0] : '';
  if (text.length === sign.length) throw invalid(text);
  if (text.slice(sign.length) === '0') return 0;
  let total = 0n;
  for (let at = sign.length; at < text.length;) {
    const term = parseTerm(text, at);
    total += term.nanoseconds;
    if (total > limit) throw invalid(text);
    at = term.end;
  }
  if (total === limit && sign !== '-') throw invalid(text);
  return sign === '-' && total !== 0n ? -Number(total) : Number(total);
}

/** One number with its unit; `end` is the offset behind it. */
function parseTerm(text: string, start: number): { nanoseconds: bigint; end: number } {
  const wholeEnd = digitsEnd(text, start);
  const fractionStart = text[wholeEnd] === '.' ? wholeEnd + 1 : wholeEnd;
  const unitStart = digitsEnd(text, fractionStart);
  const whole = parseWhole(text.slice(start, wholeEnd));
  if (whole === undefined || (wholeEnd === start && unitStart <= start + 1)) throw invalid(text);
  const end = unitEnd(text, unitStart);
  const name = text.slice(unitStart, end);
  if (name === '') throw new ValueError(`time: missing unit in duration ${quoteBytes(text)}`);
  const unit = units.get(name);
  if (unit === undefined) {
    throw new ValueError(`time: unknown unit ${quoteBytes(name)} in duration ${quoteBytes(text)}`);
  }
  if (whole > limit / unit) throw invalid(text);
  const nanoseconds = whole * unit + parseFraction(text.slice(fractionStart, unitStart), unit);
  if (nanoseconds > limit) throw invalid(text);
  return { nanoseconds, end };
}

function parseWhole(digits: string): bigint | undefined {
  let value = 0n;
  for (const digit of digits) {
    value = value * 10n + BigInt(digit);
    if (value > limit) return undefined;
  }
  return value;
}

/** Go takes as many digits as fit 63 bits and then works in floating point; so does this, to the same nanosecond. */
function parseFraction(digits: string, unit: bigint): bigint {
  let value = 0n;
  let scale = 1;
  for (const digit of digits) {
    if (value > (limit - 1n) / 10n) break;
    const next = value * 10n + BigInt(digit);
    if (next > limit) break;
    value = next;
    scale *= 10;
  }
  return BigInt(Math.trunc(Number(value) * (Number(unit) / scale)));
}

function digitsEnd(text: string, start: number): number {
  let end = start;
  while (isDigit(text[end])) end++;
  return end;
}

function unitEnd(text: string, start: number): number {
  let end = start;
  while (end < text.length && text[end] !== '.' && !isDigit(text[end])) end++;
  return end;
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9';
}

function invalid(text: string): ValueError {
  return new ValueError(`time: invalid duration ${quoteBytes(text)}`);
}

/** The quoting of Go's `time`, which is simpler than that of `strconv`: every byte beyond ASCII becomes `\xNN`. */
function quoteBytes(text: string): string {
  const isPlain = text.length === byteLength(text) && !/[\0-\x1f"\\]/.test(text);
  if (isPlain) return `"${text}"`;
  let out = '';
  for (const byte of toBytes(text)) {
    const character = String.fromCharCode(byte);
    if (byte < 0x20 || byte >= 0x80) out += `\\x${byte.toString(16).padStart(2, '0')}`;
    else out += character === '"' || character === '\\' ? `\\${character}` : character;
  }
  return `"${out}"`;
}

/**
 * Inverse of {@link parseDuration}: hours, minutes and seconds, or the one smaller unit that fits a shorter duration.
 *
 * @param nanoseconds - an integer
 * @see https://pkg.go.dev/time#Duration.String
 */
export function formatDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  const sign = nanoseconds < 0 ? '-' : '';
  const total = BigInt(Math.abs(nanoseconds));
  if (total < 1_000n) return `${sign}${total.toString()}ns`;
  if (total < 1_000_000n) return `${sign}${decimal(total, 3)}µs`;
  if (total < 1_000_000_000n) return `${sign}${decimal(total, 6)}ms`;
  const minutes = total / 60_000_000_000n;
  const seconds = `${decimal(total % 60_000_000_000n, 9)}s`;
  if (minutes === 0n) return sign + seconds;
  if (minutes < 60n) return `${sign}${minutes.toString()}m${seconds}`;
  return `${sign}${(minutes / 60n).toString()}h${(minutes % 60n).toString()}m${seconds}`;
}

/** A number over 10^places, without zeros at the end. */
function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0');
  const fraction = digits.slice(-places).replace(/0+$/, '');
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`);
}
