import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { chainId, digestAlgorithm, digestHex, parseDiffId, parseDigest } from './digest.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

it('takes digests apart', () => {
  const digest = parseDigest(`sha512:${'0a'.repeat(64)}`);
  expect(digestAlgorithm(digest)).toBe('sha512');
  expect(digestHex(digest)).toBe('0a'.repeat(64));
});

it('chains layers as the image specification says', () => {
  const [first, second] = [parseDiffId(`sha256:${'1'.repeat(64)}`), parseDiffId(`sha256:${'2'.repeat(64)}`)];
  const bottom = chainId(undefined, first, sha256);
  expect(bottom).toBe(first);
  expect(chainId(bottom, second, sha256)).toBe(`sha256:${sha256(`${first} ${second}`)}`);
});

it('refuses what is no digest', () => {
  expect(() => parseDigest('sha256:12')).toThrow('invalid checksum digest length');
});
