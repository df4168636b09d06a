import { noXattrs, type FileEntry } from './entry.ts';

/** Names by which a tar says what is gone. */
export const whiteoutPrefix = '.wh.';
/** Says that nothing below shows through its directory. */
export const opaqueName = '.wh..wh..opq';
/** Other names of this prefix are nobody's files: `.wh..wh.plnk` and so on, of aufs. */
export const metadataPrefix = '.wh..wh.';

/** An empty file whose name says what is gone; of no time, as containerd writes it. */
export function whiteoutEntry(path: string): FileEntry {
  return { kind: 'file', path, size: 0, mode: 0, uid: 0, gid: 0, mtimeNs: 0n, xattrs: noXattrs };
}
