import { crc32 } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { joinCrc32 } from './crc32.ts';

describe('joinCrc32', () => {
  it('is the CRC-32 of both, whatever they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }), (first, second) => {
        expect(joinCrc32(crc32(first), crc32(second), second.length)).toBe(crc32(Buffer.concat([first, second])));
      }),
    );
  });

  it.each([1, 4095, 1 << 20, (1 << 20) + 1, 12_345_678])('knows how far %i bytes are', (length) => {
    const first = Buffer.from('the first');
    const second = Buffer.alloc(length, 'the second one ');
    expect(joinCrc32(crc32(first), crc32(second), length)).toBe(crc32(second, crc32(first)));
  });

  it('knows also of more bytes than there are in 32 bits', () => {
    const [half, crc] = [2 ** 32 + 7, 0x12345678];
    // One behind the other, in either way.
    const joined = joinCrc32(joinCrc32(crc, 0x9abcdef0, half), 0x0fedcba9, half);
    expect(joined).toBe(joinCrc32(crc, joinCrc32(0x9abcdef0, 0x0fedcba9, half), 2 * half));
  });
});
