import { chmodSync, lstatSync } from 'node:fs';
import { setOwner, withOwner } from '../system/file-owner.ts';

/**
 * Makes a directory one that a layer can begin with: the root of an overlay is that of its uppermost directory.
 *
 * @param below the root of the layer below; absent if there is none
 */
export function likeRoot(directory: string, below: string | undefined): void {
  const { mode, uid, gid } =
    below === undefined ? { mode: 0o755, uid: 0, gid: 0 } : withOwner(below, lstatSync(below, { bigint: true }));
  if (Number(uid) !== 0 || Number(gid) !== 0) setOwner(directory, Number(uid), Number(gid));
  // Not when it is made, since the umask would take something away.
  chmodSync(directory, Number(mode) & 0o7777);
}
