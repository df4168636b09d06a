import { constants } from 'node:os';
import { cFunction, errno } from './c-library.ts';
import type { FileStat } from './file-stat.ts';
import { checked } from './system-error.ts';

const { EINVAL, ENXIO } = constants.errno;

const lseekCall = cFunction('int64_t lseek(int, int64_t, int)');
const seekSet = 0;
const seekData = 3;
const seekHole = 4;

/** A part of a file that is stored, in bytes from its start. */
export interface DataExtent {
  readonly start: number;
  /** The byte after its last. */
  readonly end: number;
}

/**
 * Where an open file has data, in order; what is between is holes, which read as zeros. A file system that does not know has
 * one extent. While an extent is looked at, the position of the file is its start.
 *
 * @param size bytes of the file that are looked at
 */
export function* dataExtents(fd: number, size: number): Generator<DataExtent, void> {
  for (let at = 0; at < size;) {
    const start = lseekCall(fd, at, seekData);
    if (start < 0 && errno() === ENXIO) return;
    if (start < 0 && errno() === EINVAL) {
      checked(lseekCall(fd, at, seekSet), 'lseek');
      yield { start: at, end: size };
      return;
    }
    if (checked(start, 'lseek') >= size) return;
    const end = Math.min(checked(lseekCall(fd, start, seekHole), 'lseek'), size);
    checked(lseekCall(fd, start, seekSet), 'lseek');
    yield { start, end };
    at = end;
  }
}

/** Of `st_blocks`, whatever the file system uses. */
const blockSize = 512n;

/** Whether there are parts of a file that take no room on the disk. */
export function hasHoles({ blocks, size }: Pick<FileStat, 'blocks' | 'size'>): boolean {
  return blocks * blockSize < size;
}
