import { constants } from 'node:os';
import { cFunction, errno } from './c-library.ts';
import { checked } from './system-error.ts';

const memfdCreateCall = cFunction('int memfd_create(const char *, unsigned int)');
const closeOnExec = 1;
const executable = 0x10;

/**
 * memfd_create(2): a file that is nowhere but in memory, and gone when its last descriptor is closed. It may be executed,
 * unless the machine forbids that for all such files (`vm.memfd_noexec`).
 *
 * @param name only shown, in `/proc`
 * @returns a descriptor, for the caller to close
 */
export function openMemoryFile(name: string): number {
  const fd = memfdCreateCall(name, closeOnExec | executable);
  // Before Linux 6.3 there was no such flag, and all could be executed.
  if (fd === -1 && errno() === constants.errno.EINVAL) {
    return checked(memfdCreateCall(name, closeOnExec), 'memfd_create');
  }
  return checked(fd, 'memfd_create');
}
