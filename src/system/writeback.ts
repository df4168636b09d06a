import { cFunctionAside } from './call-aside.ts';

const call = cFunctionAside('int sync_file_range(int, long, long, unsigned int)');
/** SYNC_FILE_RANGE_WRITE */
const write = 2;

/**
 * Has the kernel begin to write a part of a file to the disk, and returns, mostly, before it has: what a later fsync(2) has left
 * to do takes less time then. Does nothing where that cannot be.
 *
 * @see https://man7.org/linux/man-pages/man2/sync_file_range.2.html
 */
export async function beginWriteback(fd: number, offset: number, length: number): Promise<void> {
  try {
    await call(fd, offset, length, write);
  } catch {
    // It is written later.
  }
}
