import type { Digest } from '../spec/digest.ts';

/** Where pulled content goes. The content store is one. */
export interface BlobStore {
  has(digest: Digest): boolean | Promise<boolean>;
  /** All of a blob that is there. */
  read(digest: Digest): Uint8Array | Promise<Uint8Array>;
  /** Bytes on its disk, free and in all; undefined if nobody knows. */
  room?(): { readonly free: number; readonly total: number } | undefined;
  /**
   * Writes a blob. If `content` throws, nothing is kept. The content has been checked against the digest when it ends.
   */
  write(blob: { readonly digest: Digest; readonly size: number }, content: AsyncIterable<Uint8Array>): Promise<unknown>;
}
