import type { Compression } from '../spec/media-type.ts';

/** How a layer is to be compressed. */
export interface CompressionOptions {
  readonly kind: Compression;
  /** gzip: 0 to 9, zstd: 1 to 22. */
  readonly level?: number | undefined;
}

/**
 * What gzip is worth: level 6, zlib's own choice, takes a third longer than 5 for a third of a percent.
 */
const defaultGzipLevel = 5;
const defaultZstdLevel = 3;

/** The level that counts; 0 without compression. */
export function compressionLevel({ kind, level }: CompressionOptions): number {
  if (kind === 'none') return 0;
  return kind === 'gzip' ? clamp(level ?? defaultGzipLevel, 0, 9) : clamp(level ?? defaultZstdLevel, 1, 22);
}

/** Names a compression in the store, with all that the bytes depend on. */
export function compressionVariant(options: CompressionOptions): string {
  return options.level === undefined ? options.kind : `${options.kind}:${compressionLevel(options)}`;
}

function clamp(value: number, least: number, most: number): number {
  return Math.min(Math.max(value, least), most);
}
