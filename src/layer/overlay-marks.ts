import { closeSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { FileStat } from '../system/file-stat.ts';
import { makeNode } from '../system/node.ts';
import { isSystemError } from '../system/system-error.ts';
import { getXattr, setXattr } from '../system/xattr.ts';
import { fsPath } from './host-path.ts';

/*
 * How an overlay directory says that what is below is gone. There are two kinds of whiteouts: devices 0:0, and, for file
 * systems that refuse those, as overlayfs itself does, empty files with an attribute, in directories with another.
 * https://docs.kernel.org/filesystems/overlayfs.html#nesting-overlayfs-mounts
 */

/** `user.` is for overlays that are mounted with `userxattr`. */
const prefixes = ['trusted.overlay.', 'user.overlay.'] as const;
const characterDevice = 0o020000;

/** Says that nothing below shows through a directory. Throws KilnError `layer/no-marks` if the file system cannot. */
export function makeOpaque(directory: string, userxattr: boolean): void {
  setMark(directory, { name: 'opaque', value: 'y', userxattr });
}

/** Says that what is below is gone, where nothing is. Throws KilnError `layer/no-marks` if the file system cannot. */
export function makeWhiteout(path: string): void {
  try {
    makeNode(path, characterDevice, 0, 0);
  } catch (error) {
    if (!isSystemError(error, 'EPERM')) throw error;
    closeSync(openSync(fsPath(path), 'wx', 0o600));
    setMark(path, { name: 'whiteout', value: 'y', userxattr: false });
    const folder = dirname(path);
    if (!isOpaque(folder)) setMark(folder, { name: 'opaque', value: 'x', userxattr: false });
  }
}

/**
 * Whether nothing below shows through a directory.
 *
 * @param xattrNames all that it has, if they are known
 */
export function isOpaque(directory: string, xattrNames?: readonly string[]): boolean {
  return hasMark(directory, 'opaque', xattrNames);
}

/** Whether a file of an overlay directory says that what is below is gone. As with {@link isOpaque}, names may be known. */
export function isWhiteout(path: string, stat: FileStat, xattrNames?: readonly string[]): boolean {
  if (stat.isCharacterDevice()) return stat.rdev === 0n;
  return stat.size === 0n && stat.isFile() && hasMark(path, 'whiteout', xattrNames);
}

function hasMark(path: string, mark: string, xattrNames: readonly string[] | undefined): boolean {
  const names = prefixes.map((prefix) => prefix + mark);
  const possible = xattrNames ? names.filter((name) => xattrNames.includes(name)) : names;
  return possible.some((name) => getXattr(path, name)?.toString() === 'y');
}

interface Mark {
  readonly name: 'opaque' | 'whiteout';
  readonly value: 'x' | 'y';
  /** Which of the attributes is tried first. */
  readonly userxattr: boolean;
}

function setMark(path: string, { name, value, userxattr }: Mark): void {
  let cause: unknown;
  for (const prefix of userxattr ? prefixes.toReversed() : prefixes) {
    try {
      setXattr(path, prefix + name, Buffer.from(value));
      return;
    } catch (error) {
      if (!isSystemError(error, 'EPERM', 'ENOTSUP', 'EOPNOTSUPP')) throw error;
      cause = error;
    }
  }
  throw new KilnError('layer/no-marks', `it cannot be kept that ${path} hides what is below: ${String(cause)}`, {
    hint: 'keep the store on a file system with extended attributes; name another place with --root',
    cause,
  });
}
