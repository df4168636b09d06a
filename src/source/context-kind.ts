import { decodeTarHeader } from '../spec/tar/decode-header.ts';
import { tarBlockSize } from '../spec/tar/entry.ts';
import { ValueError } from '../spec/value-error.ts';

/** How many bytes {@link isContextArchive} wants to see. */
export const contextHeaderSize = 2 * tarBlockSize;

const magics = [
  [0x42, 0x5a, 0x68], // bzip2
  [0x1f, 0x8b, 0x08], // gzip
  [0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00], // xz
  [0x28, 0xb5, 0x2f, 0xfd], // zstd
];

/**
 * Whether a context that begins so is an archive; if not, it is a Dockerfile.
 *
 * @see https://github.com/docker/buildx/blob/master/build/utils.go isArchive
 */
export function isContextArchive(start: Uint8Array): boolean {
  if (magics.some((magic) => magic.every((byte, index) => start[index] === byte))) return true;
  if (start.length < tarBlockSize) return false;
  try {
    return decodeTarHeader(start.subarray(0, tarBlockSize)) !== undefined;
  } catch (error) {
    if (error instanceof ValueError) return false;
    throw error;
  }
}
