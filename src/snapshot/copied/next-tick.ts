import { chmodSync, lstatSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';

/** ms; no file system has a coarser clock than one of two seconds. */
const longest = 2_100;

/**
 * Waits until a change of a file gets a later time than `past`: the clocks of file systems tick every few milliseconds, and
 * two changes of the same time cannot be told apart.
 *
 * @param directory on that file system; its time changes
 * @param past ns since 1970
 */
export async function waitForNextTick(directory: string, past: bigint): Promise<void> {
  const { mode } = lstatSync(directory);
  for (let waited = 0; waited < longest; waited++) {
    chmodSync(directory, mode);
    if (lstatSync(directory, { bigint: true }).ctimeNs > past) return;
    await setTimeout(1);
  }
}
