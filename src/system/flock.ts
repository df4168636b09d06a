import { cFunction } from './c-library.ts';
import { checked, isSystemError } from './system-error.ts';

const flockCall = cFunction('int flock(int, int)');
const operations = { shared: 1, exclusive: 2, nonBlocking: 4, unlock: 8 };

/**
 * flock(2) without waiting: whether the lock was given. It belongs to the open file, so that another descriptor of the same
 * process competes for it too, and is given back when the file is closed or the process ends.
 */
export function tryLockFile(fd: number, kind: 'shared' | 'exclusive'): boolean {
  try {
    checked(flockCall(fd, operations[kind] | operations.nonBlocking), 'flock');
    return true;
  } catch (error) {
    if (isSystemError(error, 'EAGAIN')) return false;
    throw error;
  }
}

/** Gives the lock back. */
export function unlockFile(fd: number): void {
  checked(flockCall(fd, operations.unlock), 'flock');
}
