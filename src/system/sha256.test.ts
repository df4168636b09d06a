import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Sha256 } from './sha256.ts';

it('The hash of bytes that come bit by bit is that of Node, whichever thread they are hashed on', async () => {
  const bytes = randomBytes(1 << 20);
  const sizes = fc.array(fc.oneof(fc.nat(100), fc.nat(1 << 14), fc.nat(1 << 20)), { maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(sizes, fc.boolean(), async (parts, isAwaited) => {
      const [hash, expected] = [new Sha256(), createHash('sha256')];
      for (const size of parts) {
        const part = bytes.subarray(bytes.length - size);
        const hashed = hash.update(part);
        if (isAwaited) await hashed;
        expected.update(part);
      }
      const digest = expected.digest('hex');
      expect(await hash.digest()).toBe(digest);
      expect(await hash.digest()).toBe(digest);
    }),
  );
});
