import { readSync } from 'node:fs';

/**
 * Fills bytes from an open file, as far as it goes; says how many were read.
 *
 * @param from the first of them in the file; where the file is by default
 */
export function readInto(fd: number, target: Uint8Array, from?: number): number {
  let filled = 0;
  for (let read = -1; read !== 0 && filled < target.length; filled += read) {
    read = readSync(fd, target, filled, target.length - filled, from === undefined ? null : from + filled);
  }
  return filled;
}
