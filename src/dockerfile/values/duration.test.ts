import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ValueError } from '../../spec/value-error.ts';
import { formatDuration, parseDuration } from './duration.ts';

const second = 1_000_000_000;

test.each([
  ['0', 0],
  ['-0', 0],
  ['0s', 0],
  ['5s', 5 * second],
  ['+5s', 5 * second],
  ['-5s', -5 * second],
  ['1.5h', 5400 * second],
  ['1h15m30.918273645s', 4530_918273645],
  ['.5s', second / 2],
  ['5.s', 5 * second],
  ['1us', 1000],
  ['1µs', 1000],
  ['1μs', 1000],
  ['2ms3ns', 2_000_003],
  ['3m3m', 360 * second],
  ['0.000000000001s', 0],
  ['0.33333333333333333333h', 1200 * second],
  ['0.9223372036854775807h', 3320413933267],
  ['9223372036s', 9223372036 * second],
  ['-9223372036854775808ns', -(2 ** 63)],
])('%s is %d ns', (text, nanoseconds) => {
  expect(parseDuration(text)).toBe(nanoseconds);
});

test.each([
  ['', 'time: invalid duration ""'],
  ['-', 'time: invalid duration "-"'],
  ['x', 'time: invalid duration "x"'],
  ['.s', 'time: invalid duration ".s"'],
  ['.', 'time: invalid duration "."'],
  ['1s-1s', 'time: unknown unit "s-" in duration "1s-1s"'],
  ['5', 'time: missing unit in duration "5"'],
  ['1h5', 'time: missing unit in duration "1h5"'],
  ['5..5s', 'time: missing unit in duration "5..5s"'],
  ['5q', 'time: unknown unit "q" in duration "5q"'],
  ['5 s', 'time: unknown unit " s" in duration "5 s"'],
  ['5S', 'time: unknown unit "S" in duration "5S"'],
  ['1é', 'time: unknown unit "\\xc3\\xa9" in duration "1\\xc3\\xa9"'],
  ['"\\\t\x7f', 'time: invalid duration "\\"\\\\\\x09\x7f"'],
  ['9223372036854775808ns', 'time: invalid duration "9223372036854775808ns"'],
  ['99999999999999999999q', 'time: invalid duration "99999999999999999999q"'],
  ['2562048h', 'time: invalid duration "2562048h"'],
  ['2562047h2562047h', 'time: invalid duration "2562047h2562047h"'],
])('%j is refused with %j', (text, message) => {
  expect(() => parseDuration(text)).toThrow(new ValueError(message));
});

test.each([
  [0, '0s'],
  [1, '1ns'],
  [1100, '1.1µs'],
  [2_200_000, '2.2ms'],
  [-second / 2, '-500ms'],
  [second, '1s'],
  [1.5 * second, '1.5s'],
  [90 * second, '1m30s'],
  [3600 * second, '1h0m0s'],
  [4530_918273645, '1h15m30.918273645s'],
  [100 * 3600 * second, '100h0m0s'],
])('%d ns is written %s', (nanoseconds, text) => {
  expect(formatDuration(nanoseconds)).toBe(text);
});

test('Every duration below 104 days parses from its own text', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (nanoseconds) => {
      expect(parseDuration(formatDuration(nanoseconds))).toBe(nanoseconds);
    }),
  );
});

test('Every text is a duration or refused', () => {
  const unit = fc.constantFrom('1', '0', '.', '-', '+', 'h', 'm', 's', 'n', 'µ', ' ', '9');
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      try {
        expect(parseDuration(text)).toBeTypeOf('number');
      } catch (error) {
        expect(error).toBeInstanceOf(ValueError);
      }
    }),
  );
});

test('A long text takes time linear in its length', () => {
  expect(parseDuration(`${'0'.repeat(1_000_000)}.${'0'.repeat(1_000_000)}1s`)).toBe(0);
  expect(parseDuration('1ns'.repeat(300_000))).toBe(300_000);
});
