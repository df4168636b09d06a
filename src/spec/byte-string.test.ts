import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteLength, fromBytes, toBytes } from './byte-string.ts';

test.each([
  ['', []],
  ['a', [0x61]],
  ['é', [0xc3, 0xa9]],
  ['\u{1f600}', [0xf0, 0x9f, 0x98, 0x80]],
  ['\udcff', [0xff]],
  ['a\udcc3b', [0x61, 0xc3, 0x62]],
  ['\ufeffa', [0xef, 0xbb, 0xbf, 0x61]],
])('%j is the bytes %j and back', (text, bytes) => {
  expect([...toBytes(text)]).toEqual(bytes);
  expect(fromBytes(Uint8Array.from(bytes))).toBe(text);
  expect(byteLength(text)).toBe(bytes.length);
});

test('A lone surrogate that stands for no byte becomes the replacement character', () => {
  expect([...toBytes('\ud800')]).toEqual([0xef, 0xbf, 0xbd]);
});

test.each([
  ['overlong', [0xc0, 0x80], '\udcc0\udc80'],
  ['overlong of three bytes', [0xe0, 0x80, 0x80], '\udce0\udc80\udc80'],
  ['a surrogate', [0xed, 0xa0, 0x80], '\udced\udca0\udc80'],
  ['beyond Unicode', [0xf4, 0x90, 0x80, 0x80], '\udcf4\udc90\udc80\udc80'],
  ['cut off', [0xe2, 0x82], '\udce2\udc82'],
])('A sequence that is %s is kept byte by byte', (_, bytes, text) => {
  expect(fromBytes(Uint8Array.from(bytes))).toBe(text);
});

test('Any bytes survive as text', () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(toBytes(fromBytes(bytes))).toEqual(bytes);
    }),
  );
});
