import { closeSync, copyFileSync, linkSync, openSync, symlinkSync } from 'node:fs';
import { hasHoles } from '../system/data-extents.ts';
import { fsPath } from './binary-path.ts';
import { copyLargeFile } from './copy-large-file.ts';
import { copySmallFile, small } from './copy-small-file.ts';
import { deviceNumbers, entryKind, inodeOf, permissions, type Entry } from './entry.ts';
import { makeSpecialFile } from './make-special-file.ts';
import type { Pacer } from '../system/pacer.ts';
import type { TreeReader } from './tree-reader.ts';

/** Size in bytes from which on a file is copied off the main thread. */
const large = 1024 * 1024;

/** What the entries of one copied tree share. */
export interface ContentCopy {
  readonly reader: TreeReader;
  readonly pacer: Pacer;
  /** Of files with several names: where the first went, binary host path by device and inode. */
  readonly links: Map<string, string>;
}

/**
 * Makes an entry that is not a directory anew, where nothing is; its attributes are not set yet.
 *
 * @returns a promise if it takes longer.
 */
export function copyContent(copy: ContentCopy, entry: Entry, target: string): Promise<void> | undefined {
  switch (entryKind(entry.stat)) {
    case 'file':
      return copyRegularFile(copy, entry, target);
    case 'symlink':
      symlinkSync(fsPath(copy.reader.readLink(entry.path)), fsPath(target));
      return undefined;
    case 'socket':
      // A socket is nothing without the program behind it.
      closeSync(openSync(fsPath(target), 'wx', permissions(entry.stat)));
      return undefined;
    case 'character-device':
    case 'block-device':
    case 'fifo':
      makeSpecialFile(target, { mode: Number(entry.stat.mode), ...deviceNumbers(entry.stat) });
      return undefined;
    case 'directory':
      throw new TypeError('a directory is not copied as a whole');
  }
}

function copyRegularFile(
  { reader, pacer, links }: ContentCopy,
  entry: Entry,
  target: string,
): Promise<void> | undefined {
  const { stat } = entry;
  const inode = inodeOf(stat);
  if (inode !== undefined) {
    const first = links.get(inode);
    if (first !== undefined) {
      linkSync(fsPath(first), fsPath(target));
      return undefined;
    }
    links.set(inode, target);
  }
  const source = reader.hostPath(entry.path);
  if (stat.size > large) {
    const isSparse = hasHoles(stat);
    return copyLargeFile({ source, target, size: stat.size, isSparse, pacer });
  }
  if (stat.size <= small) copySmallFile(source, target);
  else copyFileSync(fsPath(source), fsPath(target));
  return undefined;
}
