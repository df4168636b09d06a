import { toBytes } from '../spec/byte-string.ts';
import { sha256 } from '../spec/sha256.ts';

/** One thing that decides the result of a step, by name, so that it can be told what changed. */
export interface KeyPart {
  /** Such as `env NODE_ENV`, `base`, `files /src`. */
  readonly name: string;
  readonly value: string;
}

/** Everything that decides the result of a step. */
export interface CacheKey {
  /** sha256 of the parts, as `sha256:hex`. */
  readonly digest: string;
  readonly parts: readonly KeyPart[];
}

/** The key that some parts come to. Their order counts. */
export function cacheKey(parts: readonly KeyPart[]): CacheKey {
  // Lengths keep parts apart.
  const lines = parts.map(({ name, value }) => `${name.length} ${name} ${value.length} ${value}\n`);
  return { digest: `sha256:${sha256(toBytes(`kiln.cache.v1\n${lines.join('')}`))}`, parts };
}
