import type { TarEntry } from './entry.ts';

/** An entry of a layer that is still to be written. */
export interface LayerEntry {
  readonly entry: TarEntry;
  /** Of a file that is not empty. */
  readonly content?: EntryContent | undefined;
}

export type EntryContent = { readonly kind: 'bytes'; readonly bytes: Uint8Array } | OpenableContent;

/** Of a file on the host. */
export interface OpenableContent {
  readonly kind: 'file';
  /** As `node:fs` takes it. */
  readonly path: string | Uint8Array;
  readonly isSparse: boolean;
  /** A descriptor to read from, to be closed. Throws if it is not the file that was meant. */
  readonly open: () => number;
  /** What the file that was meant is known by, as `fileSummary` of `system` tells; absent if there can be no doubt. */
  readonly summary?: number | undefined;
  /** Throws if what is open is not the file that was meant. */
  readonly verify: (fd: number) => void;
}
