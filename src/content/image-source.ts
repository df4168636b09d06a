import type { StoredBlob } from './blob-writer.ts';

/** Somewhere that images are loaded from. Everything about it may be wrong or hostile. */
export interface ImageSource {
  /** For messages. */
  readonly name: string;
  /** A small file, such as `index.json`; undefined if there is none. Throws KilnError `content/broken-image` if it is not small. */
  file(path: string): Uint8Array | undefined;
  /** What the file at a path is as a blob; undefined if there is none. */
  blobAt(path: string): StoredBlob | undefined;
  /** Whether it, or the store, has a blob. */
  has(digest: string): boolean;
  /** All of a blob, verified; at most {@link largestDocument}. */
  read(digest: string): Uint8Array;
  /** The first four bytes of a blob, or fewer. */
  start(digest: string): Uint8Array;
  /** Puts a blob into the store, verified. */
  keep(blob: StoredBlob): Promise<void>;
}

/** The longest manifest, index or configuration, in bytes. */
export const largestDocument = 8 << 20;
