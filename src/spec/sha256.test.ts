import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sha256 } from './sha256.ts';

describe('sha256', () => {
  it('is that of node:crypto, for every length up to three blocks', () => {
    for (let length = 0; length <= 192; length++) {
      const bytes = new Uint8Array(length).map((_, index) => index * 7 + length);
      expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    }
  });

  it('is that of node:crypto, whatever the bytes', () => {
    const property = fc.property(fc.uint8Array({ maxLength: 5000 }), (bytes) => {
      expect(sha256(bytes)).toBe(createHash('sha256').update(bytes).digest('hex'));
    });
    fc.assert(property);
  });
});
