import { createHash } from 'node:crypto';
import { fewBytes, sha256 } from '../spec/sha256.ts';
import { chainId, parseDigest } from '../spec/digest.ts';
import type { ChainId, DiffId, Digest } from '../spec/digest.ts';

/** The sha256 of bytes. */
export function digestBytes(bytes: Uint8Array | string): Digest {
  return parseDigest(`sha256:${sha256Hex(bytes)}`);
}

/** The hexadecimal sha256 of bytes, or of the UTF-8 of a text. */
export function sha256Hex(bytes: Uint8Array | string): string {
  if (bytes.length > fewBytes) return createHash('sha256').update(bytes).digest('hex');
  return sha256(typeof bytes === 'string' ? Buffer.from(bytes) : bytes);
}

/** The chain of some layers, bottom first; undefined if there are none. */
export function chainOf(diffIds: readonly DiffId[]): ChainId | undefined {
  return diffIds.reduce<ChainId | undefined>((parent, diffId) => chainId(parent, diffId, sha256Hex), undefined);
}
