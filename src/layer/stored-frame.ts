/** What a block of zstd can have, in bytes. */
const largest = 1 << 17;
const blockHeaderSize = 3;
const magic = 0xfd2fb528;
/** The size of the content follows, in four bytes, and is how far back it may refer. */
const descriptor = 0xa0;
const frameHeaderSize = 9;

/** How long a frame of so many bytes is that are stored. */
export function storedFrameSize(length: number): number {
  return frameHeaderSize + length + Math.max(1, Math.ceil(length / largest)) * blockHeaderSize;
}

/**
 * Writes bytes as a frame of zstd that is not compressed.
 *
 * @param target has room for {@link storedFrameSize}
 * @returns the part of it that was filled
 * @see https://www.rfc-editor.org/rfc/rfc8878#section-3.1.1
 */
export function storeFrame(bytes: Uint8Array, target: Buffer): Buffer {
  target.writeUInt32LE(magic, 0);
  target[4] = descriptor;
  target.writeUInt32LE(bytes.length, 5);
  let at = frameHeaderSize;
  for (let start = 0; start === 0 || start < bytes.length; start += largest) {
    const part = bytes.subarray(start, start + largest);
    const isLast = start + largest >= bytes.length;
    target.writeUIntLE((part.length << 3) | (isLast ? 1 : 0), at, blockHeaderSize);
    target.set(part, at + blockHeaderSize);
    at += blockHeaderSize + part.length;
  }
  return target.subarray(0, at);
}
