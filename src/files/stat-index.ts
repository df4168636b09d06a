import type { FileStat } from '../system/file-stat.ts';

/** What decides whether a file is still the one that was hashed. */
export type IndexedStat = Pick<FileStat, 'dev' | 'ino' | 'size' | 'mtimeNs' | 'ctimeNs' | 'mode'>;

/**
 * Remembers digests of files between builds, as git's index does. Paths are absolute on the host, as text.
 *
 * An answer is only right if all of {@link IndexedStat} is what it was, and the file had not changed so shortly before it
 * was hashed that a later change could have left the same times ("racily clean").
 */
export interface StatIndex {
  get(path: string, stat: IndexedStat): string | undefined;
  /** @param digest opaque, without slashes. */
  set(path: string, stat: IndexedStat, digest: string): void;
}
