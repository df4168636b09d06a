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
  readonly isSparse: boolean;
  /** A descriptor to read from, to be closed. Throws if it is not the file that was meant. */
  readonly open: () => number;
  /** Throws if the file was changed meanwhile. */
  readonly verify: (fd: number) => void;
}
