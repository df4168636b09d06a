import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ValueError } from '../../spec/value-error.ts';
import { parseByteSize } from './byte-size.ts';
import { parseFloat64 } from './float.ts';

test.each([
  ['32', 32],
  ['32b', 32],
  ['32B', 32],
  ['32k', 32 * 1024],
  ['32KB', 32 * 1024],
  ['32Kib', 32 * 1024],
  ['1.5 MiB', 1.5 * 2 ** 20],
  ['2g', 2 ** 31],
  ['1t', 2 ** 40],
  ['1p', 2 ** 50],
  ['.5k', 512],
  ['0.0009k', 0],
  ['1e3', 1000],
  ['1_000k', 1_024_000],
  ['0x1p4', 16],
  ['5 ', 5],
  ['-0', -0],
  ['9e18k', -(2 ** 63)],
  ['inf ', -(2 ** 63)],
  ['nan ', -(2 ** 63)],
])('%j is %d bytes', (text, bytes) => {
  expect(parseByteSize(text)).toBe(bytes);
});

test.each([
  ['', "invalid size: ''"],
  ['hello', "invalid size: 'hello'"],
  ['-32', "invalid size: '-32'"],
  ['-1.5k', "invalid size: '-1.5k'"],
  ['32bb', "invalid suffix: 'bb'"],
  ['32KbX', "invalid suffix: 'kbx'"],
  ['32KiBs', "invalid suffix: 'KiBs'"],
  ['32Q', "invalid suffix: 'q'"],
  ['32kx', "invalid suffix: 'kx'"],
  ['32kbi', "invalid suffix: 'kbi'"],
  [' ', 'strconv.ParseFloat: parsing "": invalid syntax'],
  [' 32', 'strconv.ParseFloat: parsing " 32": invalid syntax'],
  ['32  k', 'strconv.ParseFloat: parsing "32 ": invalid syntax'],
  ['3 2k', 'strconv.ParseFloat: parsing "3 2": invalid syntax'],
  ['1.2.3', 'strconv.ParseFloat: parsing "1.2.3": invalid syntax'],
  ['1e999', 'strconv.ParseFloat: parsing "1e999": value out of range'],
])('%j is refused with %j', (text, message) => {
  expect(() => parseByteSize(text)).toThrow(expect.objectContaining({ message }));
});

test.each([
  ['1_23.50_0_0e+1_2', 123.5e12],
  ['0x_1.8p1', 3],
  ['0X.8p-1', 0.25],
  ['-0x10p0', -16],
  ['+Infinity', Infinity],
  ['-inf', -Infinity],
  ['1.', 1],
  ['.5e1', 5],
])('The float %s is %d', (text, value) => {
  expect(parseFloat64(text)).toBe(value);
});

test.each(['', '.', 'e5', '1e', '_1', '1_', '1__0', '1_.5', '1._5', '1e_5', '0x10', '0xp1', '+nan', 'infin', '1x'])(
  'The float %j has invalid syntax',
  (text) => {
    expect(() => parseFloat64(text)).toThrow(`strconv.ParseFloat: parsing "${text}": invalid syntax`);
  },
);

test('Every finite number parses from its own text', () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(parseFloat64(Object.is(value, -0) ? '-0' : String(value))).toBe(value);
    }),
  );
});

test('A long text takes time linear in its length', () => {
  expect(() => parseFloat64(`${'1'.repeat(1_000_000)}x`)).toThrow(ValueError);
  expect(() => parseByteSize('x'.repeat(1_000_000))).toThrow(ValueError);
});
