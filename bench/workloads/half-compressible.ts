import { createCipheriv } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';

const half = 1 << 19;

/** Writes a file of so many MiB: half of each is noise, half the lines of a log. The same one each time. */
export function writeHalfCompressible(path: string, mebibytes: number): void {
  const file = openSync(path, 'w');
  for (let block = 0; block < mebibytes; block++) writeSync(file, halfCompressible(block));
  closeSync(file);
}

/** The MiB with a number. */
export function halfCompressible(block: number): Buffer {
  const key = Buffer.alloc(16, 'kiln');
  const start = Buffer.alloc(16);
  start.writeUInt32BE(block);
  const noise = createCipheriv('aes-128-ctr', key, start).update(Buffer.alloc(half));
  let log = '';
  for (let line = block * 10_000; log.length < half; line++) {
    log += `2025-01-01T00:${String(line % 3600)} level=info request=${line} path=/items/${(line * 7919) % 1009} status=200\n`;
  }
  return Buffer.concat([noise, Buffer.from(log.slice(0, half))]);
}
