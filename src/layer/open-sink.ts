import type { CompressedSink, WriteChunk } from './compressed-sink.ts';
import { compressionLevel } from './compression.ts';
import type { CompressionOptions } from './compression.ts';
import type { KnownSegments } from './known-segments.ts';
import { GzipSink } from './gzip-sink.ts';
import { PlainSink } from './plain-sink.ts';
import { ZstdSink } from './zstd-sink.ts';

/**
 * The sink that compresses so.
 *
 * @param known of the blobs of a store, for compressions that can use it
 */
export function openSink(options: CompressionOptions, write: WriteChunk, known?: KnownSegments): CompressedSink {
  switch (options.kind) {
    case 'gzip':
      return new GzipSink(compressionLevel(options), write, known);
    case 'zstd':
      return new ZstdSink(compressionLevel(options), write);
    case 'none':
      return new PlainSink(write);
  }
}
