import { capabilityName } from '../spec/tar/entry.ts';
import { isRecordAttribute } from '../system/owner-record.ts';
import { isSystemError } from '../system/system-error.ts';
import { getXattr, listXattrs, setXattr } from '../system/xattr.ts';
import { toText } from './binary-path.ts';
import type { Tree } from './tree.ts';

const overlay = /^(?:trusted|user)\.overlay\./;

const none = [] as const;

/** What overlayfs and Kiln keep for themselves in the directories of a snapshot. */
function isNote(name: string): boolean {
  return overlay.test(name) || isRecordAttribute(name);
}

/**
 * The extended attributes of a file that belong to its content, sorted by name; none where they cannot be read.
 *
 * @param names of all that it has, if they are known
 */
export function readXattrs(
  hostPath: string,
  kind: Tree['kind'],
  names?: readonly string[],
): readonly (readonly [string, Buffer])[] {
  if (names?.length === 0) return none;
  const path = toText(hostPath);
  const found: [string, Buffer][] = [];
  for (const name of names ?? xattrNames(hostPath)) {
    if (isNote(name) || (kind === 'context' && isLostInTransfer(name))) continue;
    const value = getXattr(path, name);
    if (value) found.push([name, value]);
  }
  return found.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Puts extended attributes on a file. What the file system refuses is left out, as in the reference. */
export function writeXattrs(hostPath: string, xattrs: readonly (readonly [string, Uint8Array])[]): void {
  const path = toText(hostPath);
  for (const [name, value] of xattrs) {
    if (isNote(name)) continue;
    try {
      setXattr(path, name, value);
    } catch (error) {
      if (!isSystemError(error, 'EPERM', 'EACCES', 'ENOTSUP', 'EOPNOTSUPP', 'EINVAL', 'ERANGE', 'ENOSPC', 'E2BIG')) {
        throw error;
      }
    }
  }
}

/** The reference writes attributes before the content, which costs a file its capabilities. */
function isLostInTransfer(name: string): boolean {
  return name === capabilityName || name.startsWith('com.apple.');
}

/** The names of all extended attributes of a file; none where they cannot be read. */
export function xattrNames(hostPath: string): readonly string[] {
  try {
    return listXattrs(toText(hostPath));
  } catch (error) {
    if (isSystemError(error, 'EACCES', 'EPERM', 'ENOENT')) return [];
    throw error;
  }
}
