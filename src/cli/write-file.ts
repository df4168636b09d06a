import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { reasonOf } from '../engine/index.ts';

/**
 * Puts a text into a file that may not exist yet: written aside and renamed, unless it is a device or a pipe.
 *
 * Throws KilnError `cli/write-failed`.
 */
export function writeFile(path: string, text: string): void {
  try {
    if (isSpecial(path)) {
      writeFileSync(path, text);
      return;
    }
    const aside = join(dirname(path), `.kiln-${process.pid}-${randomBytes(6).toString('hex')}`);
    try {
      writeFileSync(aside, text);
      renameSync(aside, path);
    } finally {
      rmSync(aside, { force: true });
    }
  } catch (cause) {
    throw new KilnError('cli/write-failed', `cannot write ${path}: ${reasonOf(cause)}`, { cause });
  }
}

/** Removes a file, if there is one, so that nobody takes it for the result of a build that fails. */
export function removeStale(path: string): void {
  try {
    if (!isSpecial(path)) rmSync(path, { force: true });
  } catch (cause) {
    throw new KilnError('cli/write-failed', `cannot remove ${path}: ${reasonOf(cause)}`, { cause });
  }
}

function isSpecial(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && !stat.isFile();
}
