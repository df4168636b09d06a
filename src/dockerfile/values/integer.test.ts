import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseBoolean } from './boolean.ts';
import { NumberError, atoi, parseInteger, parseUnsigned } from './integer.ts';
import type { IntegerFormat } from './integer.ts';

const decimal = (bits: IntegerFormat['bits']): IntegerFormat => ({ base: 10, bits });

test.each([
  ['0', decimal(64), 0],
  ['-0', decimal(64), 0],
  ['+7', decimal(32), 7],
  ['-7', decimal(32), -7],
  ['007', decimal(32), 7],
  ['32767', decimal(16), 32767],
  ['-32768', decimal(16), -32768],
  ['2147483647', decimal(32), 2147483647],
  ['0755', { base: 8, bits: 32 }, 0o755],
  ['-9223372036854775808', decimal(64), -(2 ** 63)],
] as const)('The signed %j in %o is %d', (text, format, value) => {
  expect(parseInteger(text, format)).toBe(value);
});

test.each([
  ['', decimal(32), 'invalid syntax'],
  ['+', decimal(32), 'invalid syntax'],
  ['1.0', decimal(32), 'invalid syntax'],
  ['1_0', decimal(32), 'invalid syntax'],
  ['0x10', decimal(32), 'invalid syntax'],
  [' 1', decimal(32), 'invalid syntax'],
  ['--1', decimal(32), 'invalid syntax'],
  ['8', { base: 8, bits: 32 }, 'invalid syntax'],
  ['٣', decimal(32), 'invalid syntax'],
  ['32768', decimal(16), 'value out of range'],
  ['-32769', decimal(16), 'value out of range'],
  ['40000x', decimal(16), 'invalid syntax'],
  ['70000x', decimal(16), 'value out of range'],
  ['9223372036854775808', decimal(64), 'value out of range'],
] as const)('The signed %j in %o is refused with %s', (text, format, problem) => {
  expect(() => parseInteger(text, format)).toThrow(new NumberError('ParseInt', text, problem));
});

test('A message quotes the text as Go does', () => {
  expect(() => parseInteger('1.0', decimal(32))).toThrow('strconv.ParseInt: parsing "1.0": invalid syntax');
  expect(() => parseInteger('a"\n', decimal(32))).toThrow('strconv.ParseInt: parsing "a\\"\\n": invalid syntax');
  expect(() => parseUnsigned('-1', decimal(32))).toThrow('strconv.ParseUint: parsing "-1": invalid syntax');
  expect(() => atoi('99999999999999999999')).toThrow(
    'strconv.Atoi: parsing "99999999999999999999": value out of range',
  );
});

test.each([
  ['4294967295', decimal(32), 4294967295],
  ['18446744073709551615', decimal(64), 2 ** 64],
  ['7777', { base: 8, bits: 32 }, 0o7777],
] as const)('The unsigned %j in %o is %d', (text, format, value) => {
  expect(parseUnsigned(text, format)).toBe(value);
});

test.each([
  ['+1', decimal(32), 'invalid syntax'],
  ['4294967296', decimal(32), 'value out of range'],
  ['18446744073709551616', decimal(64), 'value out of range'],
] as const)('The unsigned %j in %o is refused with %s', (text, format, problem) => {
  expect(() => parseUnsigned(text, format)).toThrow(new NumberError('ParseUint', text, problem));
});

test('Every safe integer parses from its digits', () => {
  fc.assert(
    fc.property(fc.maxSafeInteger(), (value) => {
      expect(atoi(String(value))).toBe(value);
      expect(parseInteger(value.toString(8), { base: 8, bits: 64 })).toBe(value);
    }),
  );
});

test('A long text of zeros is zero', () => {
  expect(atoi('0'.repeat(1_000_000))).toBe(0);
});

test.each(['1', 't', 'T', 'TRUE', 'true', 'True'])('%s is true', (text) => {
  expect(parseBoolean(text)).toBe(true);
});

test.each(['0', 'f', 'F', 'FALSE', 'false', 'False'])('%s is false', (text) => {
  expect(parseBoolean(text)).toBe(false);
});

test.each(['', 'tRUE', 'yes', ' true'])('%j is no boolean', (text) => {
  expect(() => parseBoolean(text)).toThrow(`strconv.ParseBool: parsing "${text}": invalid syntax`);
});
