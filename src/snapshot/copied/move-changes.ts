import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { assert } from '../../diagnostic/assert.ts';
import { setFileAttributes, setMtime } from '../../layer/file-attributes.ts';
import { fsPath, listNames, statPath } from '../../layer/host-path.ts';
import { isOverlayAttribute } from '../../layer/overlay.ts';
import { makeOpaque, makeWhiteout } from '../../layer/overlay-marks.ts';
import { hasNotedOwner, setOwner } from '../../system/file-owner.ts';
import type { FileStat } from '../../system/file-stat.ts';
import { listXattrs, removeXattr } from '../../system/xattr.ts';
import { copiedAttributes } from './copied-attributes.ts';
import { isWhiteoutDevice, type ChangedFolder } from './find-changes.ts';

export interface ChangesTarget {
  /** Where the changed directory is. */
  readonly from: string;
  /** An empty directory on the same file system. */
  readonly to: string;
  /** Marks go into `user.` attributes. */
  readonly userXattr: boolean;
}

/** Makes an overlay directory of what was changed in a file system, which it is moved out of. */
export function moveChanges(
  { files, gone, folders, stat }: ChangedFolder,
  { from, to, userXattr }: ChangesTarget,
): void {
  const attributes = copiedAttributes(from, stat);
  for (const name of gone) makeWhiteout(`${to}/${name}`);
  for (const [name, hasReplaced] of files) {
    const place = `${to}/${name}`;
    const file = statPath(`${from}/${name}`);
    assert(file !== undefined, `${from}/${name} is there`);
    clean(`${from}/${name}`, file);
    const isNoted = hasNotedOwner(`${from}/${name}`, file);
    renameSync(fsPath(`${from}/${name}`), fsPath(place));
    // The directory that it comes from may have said whose it is.
    if (isNoted) setOwner(place, Number(file.uid), Number(file.gid));
    if (hasReplaced && file.isDirectory()) makeOpaque(place, userXattr);
  }
  for (const folder of folders) {
    const place = `${to}/${folder.name}`;
    mkdirSync(fsPath(place), 0o700);
    moveChanges(folder, { from: `${from}/${folder.name}`, to: place, userXattr });
  }
  setFileAttributes(to, attributes);
}

/** Takes away what a layer would be misread for: marks that a step has made itself. */
function clean(path: string, stat: FileStat): void {
  if (stat.isFile() || stat.isDirectory()) {
    for (const name of listXattrs(path).filter(isOverlayAttribute)) removeXattr(path, name);
  }
  if (!stat.isDirectory()) return;
  for (const name of listNames(path)) {
    const inside = statPath(`${path}/${name}`);
    if (inside && isWhiteoutDevice(inside)) {
      rmSync(fsPath(`${path}/${name}`));
      setMtime(path, stat.mtimeNs);
    } else if (inside) clean(`${path}/${name}`, inside);
  }
}
