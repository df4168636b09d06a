import type { FileStat } from '../system/file-stat.ts';

/** Something in a tree. */
export interface Entry {
  /** Its place in the tree: absolute, binary. */
  readonly path: string;
  /** Its place below the root of the selection, binary; empty for the root itself. */
  readonly relative: string;
  readonly stat: FileStat;
  /** The names of its extended attributes, if they are known. */
  readonly xattrNames?: readonly string[] | undefined;
  /** What a link points to, binary, if that is known. */
  readonly target?: string;
}

export type EntryKind = 'file' | 'directory' | 'symlink' | 'character-device' | 'block-device' | 'fifo' | 'socket';

/** What a file is. */
export function entryKind(stat: FileStat): EntryKind {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isCharacterDevice()) return 'character-device';
  if (stat.isBlockDevice()) return 'block-device';
  return stat.isFIFO() ? 'fifo' : 'socket';
}

/** What is the same for all names of a file that has several; undefined if it has one. */
export function inodeOf(stat: FileStat): string | undefined {
  return stat.isFile() && stat.nlink > 1n ? `${stat.dev.toString()}:${stat.ino.toString()}` : undefined;
}

/** The twelve bits of the permissions. */
export function permissions(stat: FileStat): number {
  return Number(stat.mode) & 0o7777;
}

/** The number of a device as major and minor, the way the kernel takes numbers apart. */
export function deviceNumbers(stat: FileStat): { readonly major: number; readonly minor: number } {
  const device = stat.rdev;
  return {
    major: Number(((device >> 8n) & 0xfffn) | ((device >> 32n) & ~0xfffn)),
    minor: Number((device & 0xffn) | ((device >> 12n) & 0xffffff00n)),
  };
}
