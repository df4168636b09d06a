/** What a block of deflate can have that is not compressed, in bytes. */
const largest = 0xffff;
const headerSize = 5;

/** How long so many bytes are when they are stored. */
export function storedSize(length: number): number {
  return length + Math.ceil(length / largest) * headerSize;
}

/**
 * Writes bytes as deflate blocks that are not compressed, none of them the last, where a byte begins.
 *
 * @param target has room for {@link storedSize}
 * @returns the part of it that was filled
 * @see https://www.rfc-editor.org/rfc/rfc1951#section-3.2.4
 */
export function storeBlocks(bytes: Uint8Array, target: Buffer): Buffer {
  let at = 0;
  for (let start = 0; start < bytes.length; start += largest) {
    const part = bytes.subarray(start, start + largest);
    target[at] = 0;
    target.writeUInt16LE(part.length, at + 1);
    target.writeUInt16LE(~part.length & 0xffff, at + 3);
    target.set(part, at + headerSize);
    at += headerSize + part.length;
  }
  return target.subarray(0, at);
}
