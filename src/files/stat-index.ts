import type { FileIdentity } from '../system/file-stat.ts';

/**
 * Remembers digests of files between builds, as git's index does. Paths are absolute on the host, as text.
 *
 * An answer is only right if all of {@link FileIdentity} is what it was, and the file had not changed so shortly before it
 * was hashed that a later change could have left the same times ("racily clean").
 */
export interface StatIndex {
  get(path: string, stat: FileIdentity): string | undefined;
  /** @param digest opaque, without slashes. */
  set(path: string, stat: FileIdentity, digest: string): void;
}
