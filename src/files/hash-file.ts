import { createHash, hash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { fsPath } from './binary-path.ts';
import type { Pacer } from './pacer.ts';

const chunkSize = 1024 * 1024;

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
  const file = openSync(fsPath(hostPath), 'r');
  try {
    let length = 0;
    for (let read = -1; read !== 0 && length < chunkSize; length += read) {
      read = readSync(file, buffer, length, chunkSize - length, null);
    }
    // It grew: what is read now will be found to be something else.
    return hash('sha256', buffer.subarray(0, length), 'hex');
  } finally {
    closeSync(file);
  }
}

async function hashLargeFile(hostPath: string, pacer: Pacer): Promise<string> {
  const digest = createHash('sha256');
  const chunk = Buffer.allocUnsafeSlow(chunkSize);
  await using file = await open(fsPath(hostPath), 'r');
  for (;;) {
    const { bytesRead } = await file.read(chunk, 0, chunkSize, null);
    if (bytesRead === 0) return digest.digest('hex');
    digest.update(chunk.subarray(0, bytesRead));
    pacer.check();
  }
}
