import { rm, rmdir } from 'node:fs';
import { promisify } from 'node:util';

/*
 * Not those of node:fs/promises, with which Node loads what it reads lines from terminals with: 5 ms before the first step of a
 * build is begun.
 */

const remove = promisify(rm);

/** Removes a file or a directory with all that is in it, if it is there, while this thread goes on. */
export function removeAside(path: string): Promise<void> {
  return remove(path, { recursive: true, force: true });
}

/** Removes an empty directory while this thread goes on. */
export const removeDirectoryAside: (path: string) => Promise<void> = promisify(rmdir);
