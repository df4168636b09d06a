import { lstatSync } from 'node:fs';
import { constants } from 'node:os';
import { answerSize, callForEach, type Answers, type PathCalls } from './call-for-each.ts';
import type { CallBatch } from './call-batch.ts';
import type { FileStat } from './file-stat.ts';
import { readStatx, statxMask } from './kernel-stat.ts';

const { ENOENT } = constants.errno;

/** AT_FDCWD and AT_SYMLINK_NOFOLLOW. */
const workingDirectory = -100;
const noFollow = 0x100;

const lstat: PathCalls<string | Buffer, FileStat | undefined> = {
  count: 1,
  add: addStat,
  read: readStat,
  alone: (path) => lstatSync(path, { bigint: true, throwIfNoEntry: false }),
};

/** Adds an lstat(2) of a path, of which {@link readStat} reads the answer. */
export function addStat(batch: CallBatch, path: number, room: number): void {
  batch.add('statx', workingDirectory, [path, noFollow, statxMask, room]);
}

/** Undefined if it failed, but for there being nothing. */
export function readStat(
  { result, bytes }: Answers,
  call: number,
): { readonly answer: FileStat | undefined } | undefined {
  if (result(call) === 0) return { answer: readStatx(bytes, call * answerSize) };
  return result(call) === -ENOENT ? { answer: undefined } : undefined;
}

/**
 * lstat(2) of many files: what is there, in the order of the paths; undefined where nothing is. Paths are as `node:fs` takes
 * them. Throws as `lstatSync` does.
 */
export function lstatAll(paths: readonly (string | Buffer)[]): readonly (FileStat | undefined)[] {
  return callForEach(paths, lstat);
}
