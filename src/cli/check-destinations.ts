import { accessSync, constants, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { reasonOf } from '../engine/index.ts';
import type { BuildRequest } from './request/build-request.ts';

/**
 * Sees whether the files that a build is to write can be written, so that nobody waits for a build whose result has no place.
 *
 * Throws KilnError `cli/write-failed`, with the path as it was given.
 */
export function checkDestinations({ imageIdFile, metadataFile, outputs }: BuildRequest): void {
  for (const file of [imageIdFile, metadataFile]) if (file !== undefined) checkFile(file);
  for (const output of outputs) {
    if (output.kind === 'store' || output.destination === '-') continue;
    const isDirectory = output.kind === 'local' || ('tar' in output && !output.tar);
    if (isDirectory) checkDirectory(output.destination);
    else checkFile(output.destination);
  }
}

/** A file is written beside its place, so its directory has to be writable; a pipe or a device is written to as it is. */
function checkFile(path: string): void {
  explaining(path, () => {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat?.isDirectory()) throw new KilnError('cli/write-failed', `cannot write ${path}: it is a directory`);
    accessSync(stat && !stat.isFile() ? path : dirname(path), constants.W_OK);
    // With a slash at its end, only a directory is found.
    if (!stat) statSync(`${dirname(path)}/`);
  });
}

/** A directory is made, with those above it. */
function checkDirectory(path: string): void {
  explaining(path, () => {
    let there = path;
    while (!statSync(there, { throwIfNoEntry: false }) && dirname(there) !== there) there = dirname(there);
    statSync(`${there}/`);
    accessSync(there, constants.W_OK | constants.X_OK);
  });
}

function explaining(path: string, look: () => void): void {
  try {
    look();
  } catch (cause) {
    if (cause instanceof KilnError) throw cause;
    const isMissing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    const hint = isMissing ? `make the directory ${dirname(path)} first` : undefined;
    throw new KilnError('cli/write-failed', `cannot write ${path}: ${reasonOf(cause)}`, { hint, cause });
  }
}
