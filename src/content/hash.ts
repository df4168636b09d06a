import { createHash } from 'node:crypto';
import { chainId, parseDigest } from '../spec/digest.ts';
import type { ChainId, DiffId, Digest } from '../spec/digest.ts';

/** The sha256 of bytes. */
export function digestBytes(bytes: Uint8Array | string): Digest {
  return parseDigest(`sha256:${sha256Hex(bytes)}`);
}

/** The hexadecimal sha256 of bytes, or of the UTF-8 of a text. */
export function sha256Hex(bytes: Uint8Array | string): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** The chain of some layers, bottom first; undefined if there are none. */
export function chainOf(diffIds: readonly DiffId[]): ChainId | undefined {
  return diffIds.reduce<ChainId | undefined>((parent, diffId) => chainId(parent, diffId, sha256Hex), undefined);
}
