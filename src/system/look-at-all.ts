import { lstatSync } from 'node:fs';
import { fromBytes } from '../spec/byte-string.ts';
import { answerSize, callForEach, callForEachAside, type PathCalls } from './call-for-each.ts';
import type { FileStat } from './file-stat.ts';
import { addStat, readStat } from './lstat-all.ts';
import { addXattrNames, listXattrs, readXattrNames } from './xattr.ts';

/** What there is to know of a file but its content. */
export interface FileLook {
  readonly stat: FileStat;
  /** Of its extended attributes, in the order of the kernel. */
  readonly xattrNames: readonly string[];
}

const look: PathCalls<string | Buffer, FileLook | undefined> = {
  count: 2,
  add: (batch, path, room) => {
    addStat(batch, path, room);
    addXattrNames(batch, path, room + answerSize);
  },
  read: (answers, first) => {
    const stat = readStat(answers, first);
    if (stat && !stat.answer) return { answer: undefined };
    const xattrNames = readXattrNames(answers, first + 1);
    return stat?.answer && xattrNames && { answer: { stat: stat.answer, xattrNames: xattrNames.answer } };
  },
  alone: (path) => {
    const stat = lstatSync(path, { bigint: true, throwIfNoEntry: false });
    return stat && { stat, xattrNames: listXattrs(typeof path === 'string' ? path : fromBytes(path)) };
  },
};

/** So few files are quicker looked at here than on another thread. */
const tooFew = 16;

/**
 * What is at paths, in their order, with links not followed; undefined where nothing is. Many are looked at on
 * another thread. Paths are as `node:fs` takes them. Throws as `lstatSync` and {@link listXattrs} do.
 */
export async function lookAtAllAside(paths: readonly (string | Buffer)[]): Promise<readonly (FileLook | undefined)[]> {
  return paths.length < tooFew ? callForEach(paths, look) : await callForEachAside(paths, look);
}
