import { lstatSync, readdirSync, type BigIntStats } from 'node:fs';
import { fromBytes, toBytes } from '../../spec/byte-string.ts';
import { hasNotedOwner, setOwner } from '../../system/file-owner.ts';

export interface NewFiles {
  /** What a step has written. */
  readonly upper: string;
  /** What was there before, bottom first. */
  readonly lowers: readonly string[];
}

/**
 * Gives what a step has made to the user that it ran as, who is nobody that the kernel knows. What was root's before, and what
 * is somebody's already, stays theirs: an overlay has it in there because something in it, or about it, has changed.
 */
export function ownNewFiles({ upper, lowers }: NewFiles, owner: { readonly uid: number; readonly gid: number }): void {
  // Nobody says what of it is new.
  if (lowers.length === 0) return;
  const visit = (folder: string): void => {
    for (const name of readdirSync(nodePath(upper + folder), 'buffer').map((bytes) => fromBytes(bytes))) {
      const path = `${folder}/${name}`;
      const stat = statOf(upper + path);
      if (!stat || isWhiteout(stat)) continue;
      if (!hasNotedOwner(upper + path, stat) && !wasRoots(lowers, path)) setOwner(upper + path, owner.uid, owner.gid);
      if (stat.isDirectory()) visit(path);
    }
  };
  visit('');
}

/** Whether the uppermost of the layers that has something at a path says that it is root's. */
function wasRoots(lowers: readonly string[], path: string): boolean {
  for (const lower of lowers.toReversed()) {
    const stat = statOf(lower + path);
    if (stat) return !isWhiteout(stat) && !hasNotedOwner(lower + path, stat);
  }
  return false;
}

function statOf(path: string): BigIntStats | undefined {
  try {
    return lstatSync(nodePath(path), { bigint: true, throwIfNoEntry: false });
  } catch {
    // A layer has a file where another has a directory.
    return undefined;
  }
}

function isWhiteout(stat: BigIntStats): boolean {
  return stat.isCharacterDevice() && stat.rdev === 0n;
}

function nodePath(path: string): string | Buffer {
  return path.isWellFormed() ? path : Buffer.from(toBytes(path));
}
