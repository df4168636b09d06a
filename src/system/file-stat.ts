import type { BigIntStats } from 'node:fs';

/** What the kernel says of a file: the part of Node's `BigIntStats` that does not change by reading. */
export type FileStat = Pick<
  BigIntStats,
  | (
      | 'dev'
      | 'ino'
      | 'mode'
      | 'nlink'
      | 'uid'
      | 'gid'
      | 'rdev'
      | 'size'
      | 'blocks'
      | 'mtimeNs'
      | 'ctimeNs'
      | 'birthtimeNs'
    )
  | ('isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket' | 'isCharacterDevice' | 'isBlockDevice')
>;

/** What changes when a file does, or when another one takes its place. */
export type FileIdentity = Pick<FileStat, 'dev' | 'ino' | 'mode' | 'size' | 'mtimeNs' | 'ctimeNs'>;
