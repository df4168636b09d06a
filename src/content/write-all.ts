import { write } from 'node:fs';
import { promisify } from 'node:util';

const writeLater = promisify(write);

/**
 * What is written by one call, in bytes: of more, Linux makes pages of the cache that are as large, and where memory is in pieces
 * it takes several times as long to find them.
 */
const most = 1 << 18;

/** Writes bytes to where an open file is, on another thread. Throws system errors. */
export async function writeAll(fd: number, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    at += (await writeLater(fd, bytes, at, Math.min(most, bytes.length - at), null)).bytesWritten;
  }
}
