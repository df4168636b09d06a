import type { TarEntry } from './entry.ts';

/** An entry of a layer that is still to be written. */
export interface LayerEntry {
  readonly entry: TarEntry;
  /** Of a file that is not empty. */
  readonly content?: EntryContent | undefined;
}

export type EntryContent =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  | {
      readonly kind: 'file';
      /** Absolute path of the host, a byte string. */
      readonly path: string;
      readonly isSparse: boolean;
      /** Throws if what was read is not what was meant. */
      readonly verify: ((fd: number) => void) | undefined;
    };
