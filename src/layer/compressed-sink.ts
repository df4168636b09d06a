import type { BlockSink } from './block-sink.ts';

/** Takes a chunk of what comes out; it is free when the promise resolves. */
export type WriteChunk = (chunk: Uint8Array) => Promise<void>;

/** A sink that writes what it is given in another form. */
export interface CompressedSink extends BlockSink {
  /** Writes the rest. Nothing may be put afterwards. Rejects with whatever failed. */
  finish(): Promise<void>;
}
