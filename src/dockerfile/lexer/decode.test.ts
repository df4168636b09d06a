import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeText, encodedLength, encodeText } from './decode.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

/** Random bytes rarely make long sequences, so beginnings of some are mixed in. */
const mixedBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 4 }).map((text) => new TextEncoder().encode(text)),
      fc.constantFrom(bytes(0xe2, 0x80), bytes(0xf0, 0x9f, 0x98), bytes(0xed, 0xa0, 0x80), bytes(0xef, 0xbb, 0xbf)),
    ),
  )
  .map((parts) => Buffer.concat(parts));

describe('decodeText', () => {
  it.each([
    ['ASCII', bytes(0x61, 0x0a), 'a\n'],
    ['two, three and four bytes', new TextEncoder().encode('é†😀'), 'é†😀'],
    ['a byte order mark, which it keeps', bytes(0xef, 0xbb, 0xbf, 0x61), '\ufeffa'],
    ['no bytes', bytes(), ''],
  ])('reads %s', (_, input, text) => {
    expect(decodeText(input)).toBe(text);
  });

  it.each([
    ['a lone continuation byte', bytes(0x61, 0x80, 0x62), 'a\udc80b'],
    ['a byte that never occurs', bytes(0xff), '\udcff'],
    ['a sequence that breaks off', bytes(0xe2, 0x80), '\udce2\udc80'],
    ['a sequence that another one cuts short', bytes(0xf0, 0x9f, 0xc3, 0xa9), '\udcf0\udc9fé'],
    ['an overlong form', bytes(0xc0, 0xaf), '\udcc0\udcaf'],
    ['an overlong form of three bytes', bytes(0xe0, 0x80, 0xaf), '\udce0\udc80\udcaf'],
    ['half a surrogate pair', bytes(0xed, 0xa0, 0x80), '\udced\udca0\udc80'],
    ['a number beyond Unicode', bytes(0xf4, 0x90, 0x80, 0x80), '\udcf4\udc90\udc80\udc80'],
  ])('holds %s as one lone surrogate a byte', (_, input, text) => {
    expect(decodeText(input)).toBe(text);
  });

  it('reads the rest of a text that has invalid bytes', () => {
    expect(decodeText(Buffer.concat([bytes(0xff), Buffer.from('é'), bytes(0xfe), Buffer.from('\ufeff😀')]))).toBe(
      '\udcffé\udcfe\ufeff😀',
    );
  });
});

describe('encodeText', () => {
  it('gives back the bytes, whatever they are', () => {
    fc.assert(
      fc.property(mixedBytes, (input) => {
        const text = decodeText(input);
        expect(Buffer.from(encodeText(text)).equals(input)).toBe(true);
        expect(encodedLength(text)).toBe(input.length);
      }),
      { numRuns: 1000 },
    );
  });

  it('gives back any well-formed text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeText(encodeText(text))).toBe(text);
      }),
    );
  });

  it('takes no second half of a surrogate pair for a byte', () => {
    // U+1F480 ends in the unit U+DC80.
    expect(decodeText(encodeText('💀\udc80'))).toBe('💀\udc80');
  });
});
