/** Where pulled content goes. The content store is one. */
export interface BlobStore {
  has(digest: string): boolean | Promise<boolean>;
  /** All of a blob that is there. */
  read(digest: string): Uint8Array | Promise<Uint8Array>;
  /**
   * Writes a blob. If `content` throws, nothing is kept. The content has been checked against the digest when it ends.
   */
  write(blob: { readonly digest: string; readonly size: number }, content: AsyncIterable<Uint8Array>): Promise<unknown>;
}
