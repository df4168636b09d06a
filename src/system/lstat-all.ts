import { lstatSync } from 'node:fs';
import { constants } from 'node:os';
import { callForEach, callForEachAside, type PathCall } from './call-for-each.ts';
import { readStatx, statxMask, type FileStat } from './file-stat.ts';

const { ENOENT } = constants.errno;

/** AT_FDCWD and AT_SYMLINK_NOFOLLOW. */
const workingDirectory = -100;
const noFollow = 0x100;

const lstat: PathCall<string | Buffer, FileStat | undefined> = {
  add: (calls, path, room) => calls.add('statx', workingDirectory, [path, noFollow, statxMask, room]),
  read: (result, answers, at) => {
    if (result === 0) return { answer: readStatx(answers, at) };
    return result === -ENOENT ? { answer: undefined } : undefined;
  },
  alone: (path) => lstatSync(path, { bigint: true, throwIfNoEntry: false }),
};

/**
 * lstat(2) of many files: what is there, in the order of the paths; undefined where nothing is. Paths are as `node:fs` takes
 * them. Throws as `lstatSync` does.
 */
export function lstatAll(paths: readonly (string | Buffer)[]): readonly (FileStat | undefined)[] {
  return callForEach(paths, lstat);
}

/** As {@link lstatAll}, while this thread goes on. */
export function lstatAllAside(paths: readonly (string | Buffer)[]): Promise<readonly (FileStat | undefined)[]> {
  return callForEachAside(paths, lstat);
}
