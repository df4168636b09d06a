import type { CompressedSink, WriteChunk } from './compressed-sink.ts';
import { compressionLevel } from './compression.ts';
import type { CompressionOptions } from './compression.ts';
import { GzipSink } from './gzip-sink.ts';
import { PlainSink } from './plain-sink.ts';
import { ZstdSink } from './zstd-sink.ts';

/** The sink that compresses so. */
export function openSink(options: CompressionOptions, write: WriteChunk): CompressedSink {
  switch (options.kind) {
    case 'gzip':
      return new GzipSink(compressionLevel(options), write);
    case 'zstd':
      return new ZstdSink(compressionLevel(options), write);
    case 'none':
      return new PlainSink(write);
  }
}
