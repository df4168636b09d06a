import type { Attributes } from '../../layer/file-attributes.ts';
import { isOverlayAttribute } from '../../layer/overlay.ts';
import { noXattrs } from '../../spec/tar/entry.ts';
import type { FileStat } from '../../system/file-stat.ts';
import { isRecordAttribute } from '../../system/owner-record.ts';
import { getXattr, listXattrs } from '../../system/xattr.ts';

/** What a copy of a file has of it besides the content: what overlayfs takes along when it copies a file up. */
export function copiedAttributes(path: string, stat: FileStat): Attributes {
  return {
    mode: Number(stat.mode) & 0o7777,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    mtimeNs: stat.mtimeNs,
    xattrs: stat.isSymbolicLink() ? noXattrs : copiedXattrs(path),
  };
}

/** All but notes, of overlayfs and Kiln, and the labels of security modules. */
export function copiedXattrs(path: string): ReadonlyMap<string, Uint8Array> {
  const names = listXattrs(path).filter((name) => !isNote(name) && !isLabel(name));
  if (names.length === 0) return noXattrs;
  return new Map(
    names.sort().flatMap((name) => {
      const value = getXattr(path, name);
      return value ? [[name, value] as const] : [];
    }),
  );
}

/** {@link setFileAttributes} makes those anew that are still true. */
function isNote(name: string): boolean {
  return isOverlayAttribute(name) || isRecordAttribute(name);
}

function isLabel(name: string): boolean {
  return name.startsWith('security.') && name !== 'security.capability';
}
