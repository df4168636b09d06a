import { closeSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { dataExtents } from '../system/data-extents.ts';
import { fsPath } from './binary-path.ts';
import type { Pacer } from '../system/pacer.ts';
import { readInto } from '../system/read-into.ts';
import { readFlags } from './read-flags.ts';
import { Sha256, sha256Of } from '../system/sha256.ts';

const chunkSize = 1024 * 1024;

/** Of `st_blocks`, whatever the file system uses. */
const blockSize = 512;

/** For small files, one after the other. */
let buffer: Buffer | undefined;

/**
 * The sha256 of a file of some size, in hex. Blocks for less than a chunk; what is larger is read off the main thread.
 *
 * @param hostPath binary.
 * @param size in bytes, as it is expected.
 */
export function hashFile(hostPath: string, size: bigint, pacer: Pacer): string | Promise<string> {
  if (size >= BigInt(chunkSize)) return hashLargeFile(hostPath, pacer);
  buffer ??= Buffer.allocUnsafeSlow(chunkSize);
  const file = openSync(fsPath(hostPath), readFlags);
  try {
    const length = readInto(file, buffer);
    // It grew: what is read now will be found to be something else.
    return sha256Of(buffer.subarray(0, length));
  } finally {
    closeSync(file);
  }
}

async function hashLargeFile(hostPath: string, pacer: Pacer): Promise<string> {
  const digest = new Sha256();
  // One is read while the other is hashed.
  let [chunk, other] = [Buffer.allocUnsafeSlow(chunkSize), Buffer.allocUnsafeSlow(chunkSize)];
  let hashed: Promise<void> | undefined;
  await using file = await open(fsPath(hostPath), readFlags);
  const read = async (length: number): Promise<void> => {
    for (let left = length; left > 0;) {
      [chunk, other] = [other, chunk];
      const { bytesRead } = await file.read(chunk, 0, Math.min(chunkSize, left), null);
      await hashed;
      // It shrank: what is read now will be found to be something else.
      if (bytesRead === 0) return;
      hashed = digest.update(chunk.subarray(0, bytesRead));
      left -= bytesRead;
      pacer.check();
    }
  };
  const { size, blocks } = await file.stat();
  if (blocks * blockSize >= size) await read(Infinity);
  else {
    let at = 0;
    for (const { start, end } of dataExtents(file.fd, size)) {
      await hashZeros(digest, start - at, pacer);
      await read(end - start);
      at = end;
    }
    await hashZeros(digest, size - at, pacer);
  }
  return await digest.digest();
}

/** Of a hole, which takes the kernel longer to read than to hash it. */
async function hashZeros(digest: Sha256, count: number, pacer: Pacer): Promise<void> {
  if (count === 0) return;
  const zeros = Buffer.alloc(Math.min(count, chunkSize));
  for (let left = count; left > 0; left -= zeros.length) {
    await digest.update(left < zeros.length ? zeros.subarray(0, left) : zeros);
    if (pacer.isDue) await pacer.rest();
  }
}
