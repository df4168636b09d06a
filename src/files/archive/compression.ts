/** How the bytes of an archive are packed. */
export type Compression = 'none' | 'gzip' | 'bzip2' | 'xz' | 'zstd';

/** As many bytes of the beginning as {@link detectCompression} wants. */
export const magicLength = 8;

/**
 * Tells compression by the first bytes of a file; what is not known counts as none.
 *
 * @see https://github.com/moby/go-archive/blob/main/compression/compression_detect.go
 */
export function detectCompression(start: Uint8Array): Compression {
  const begins = (...magic: readonly number[]) => magic.every((byte, index) => start[index] === byte);
  if (begins(0x42, 0x5a, 0x68)) return 'bzip2';
  if (begins(0x1f, 0x8b, 0x08)) return 'gzip';
  if (begins(0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00)) return 'xz';
  if (begins(0x28, 0xb5, 0x2f, 0xfd)) return 'zstd';
  const isSkippableFrame =
    ((start[0] ?? 0) & 0xf0) === 0x50 && [0x2a, 0x4d, 0x18].every((byte, at) => start[at + 1] === byte);
  return isSkippableFrame && start.length >= magicLength ? 'zstd' : 'none';
}
