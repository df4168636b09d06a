import type { BigIntStats } from 'node:fs';

/** What decides whether a file is still the one that was hashed. */
export type FileStat = Pick<BigIntStats, 'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs' | 'mode'>;

/**
 * Remembers digests of files between builds, as git's index does. Paths are absolute on the host, as text.
 *
 * An answer is only right if all of {@link FileStat} is what it was, and the file had not changed so shortly before it
 * was hashed that a later change could have left the same times ("racily clean").
 */
export interface StatIndex {
  get(path: string, stat: FileStat): string | undefined;
  /** @param digest opaque. */
  set(path: string, stat: FileStat, digest: string): void;
}
