import { closeSync, constants, copyFileSync, linkSync, openSync, symlinkSync } from 'node:fs';
import { copyFile } from 'node:fs/promises';
import { makeNode } from '../system/node.ts';
import { fsPath, toText } from './binary-path.ts';
import { deviceNumbers, entryKind, permissions, type Entry } from './entry.ts';
import type { TreeReader } from './tree-reader.ts';

/** Size in bytes from which on a file is copied off the main thread. */
const large = 1024 * 1024;

/** Hard links of one copied tree: where the first name of a file went, binary host path. */
export type CopiedLinks = Map<string, string>;

/**
 * Makes an entry that is not a directory anew, where nothing is; its attributes are not set yet.
 *
 * @returns a promise if it takes longer.
 */
export function copyContent(
  reader: TreeReader,
  entry: Entry,
  target: string,
  links: CopiedLinks,
): Promise<void> | undefined {
  switch (entryKind(entry.stat)) {
    case 'file':
      return copyRegularFile(reader, entry, target, links);
    case 'symlink':
      symlinkSync(fsPath(reader.readLink(entry.path)), fsPath(target));
      return undefined;
    case 'socket':
      // A socket is nothing without the program behind it.
      closeSync(openSync(fsPath(target), 'wx', permissions(entry.stat)));
      return undefined;
    case 'character-device':
    case 'block-device':
    case 'fifo': {
      const { major, minor } = deviceNumbers(entry.stat);
      makeNode(toText(target), Number(entry.stat.mode), major, minor);
      return undefined;
    }
    case 'directory':
      throw new TypeError('a directory is not copied as a whole');
  }
}

function copyRegularFile(
  reader: TreeReader,
  entry: Entry,
  target: string,
  links: CopiedLinks,
): Promise<void> | undefined {
  const { stat } = entry;
  if (stat.nlink > 1n) {
    const inode = `${stat.dev.toString()}:${stat.ino.toString()}`;
    const first = links.get(inode);
    if (first !== undefined) {
      linkSync(fsPath(first), fsPath(target));
      return undefined;
    }
    links.set(inode, target);
  }
  const source = fsPath(reader.hostPath(entry.path));
  if (stat.size > large) return copyFile(source, fsPath(target), constants.COPYFILE_FICLONE);
  copyFileSync(source, fsPath(target));
  return undefined;
}
