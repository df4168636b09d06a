import { createHash } from 'node:crypto';
import { toBytes } from '../spec/byte-string.ts';

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
  const hash = createHash('sha256').update('kiln.cache.v1\n');
  // Lengths keep parts apart.
  for (const { name, value } of parts) hash.update(toBytes(`${name.length} ${name} ${value.length} ${value}\n`));
  return { digest: `sha256:${hash.digest('hex')}`, parts };
}
