import { rm, rmdir } from 'node:fs';
import { promisify } from 'node:util';
import { CallBatch } from './call-batch.ts';
import { callLoop } from './call-loop.ts';

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

const currentFolder = -100;
const removeDirectory = 0x200;

/**
 * Removes a directory of which is known what should be in it, while this thread goes on: that takes a tenth of the time of looking.
 * If there is something else, it is removed as by {@link removeAside}.
 *
 * @param names of what may be there, in the order in which it can be removed; those of directories end with a slash
 */
export async function removeListedAside(directory: string, names: readonly string[]): Promise<void> {
  const { loop } = callLoop();
  if (!loop) {
    await removeAside(directory);
    return;
  }
  const paths = [...names, ''].map((name) => `${directory}/${name}`);
  const pathBytes = paths.reduce((sum, path) => sum + path.length * 3 + 1, 0);
  const batch = new CallBatch(loop, { calls: paths.length, pathBytes });
  for (const path of paths) {
    batch.add('unlinkat', currentFolder, [batch.path(path), path.endsWith('/') ? removeDirectory : 0]);
  }
  await batch.runAside();
  if (batch.result(paths.length - 1) !== 0) await removeAside(directory);
}
