import { randomBytes } from 'node:crypto';
import { zstdDecompressSync } from 'node:zlib';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { storedFrameSize, storeFrame } from './stored-frame.ts';

it('A frame that is stored decompresses to what was put into it, and has the size that was said', () => {
  const limit = 1 << 17;
  const sizes = fc.oneof(fc.nat(3 * limit), fc.constantFrom(0, 1, limit - 1, limit, limit + 1, 2 * limit, 8 * limit));
  fc.assert(
    fc.property(sizes, (size) => {
      const bytes = randomBytes(size);
      const frame = storeFrame(bytes, Buffer.alloc(storedFrameSize(size) + 1));
      expect(frame.length).toBe(storedFrameSize(size));
      expect(zstdDecompressSync(frame).equals(bytes)).toBe(true);
    }),
    { numRuns: 30 },
  );
});
