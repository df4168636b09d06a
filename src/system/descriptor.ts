import { cFunction } from './c-library.ts';
import { checked } from './system-error.ts';

const closeCall = cFunction('int close(int)', false);
const fcntlCall = cFunction('int fcntl(int, int, int)');
const setDescriptorFlags = 2;

/** close(2), for what was opened here: Node's own warns, in a thread, of descriptors that it has not opened. */
export function closeDescriptor(fd: number): void {
  checked(closeCall(fd), 'close');
}

/** Lets processes that are started from now on have a descriptor, under the same number. */
export function inheritDescriptor(fd: number): void {
  checked(fcntlCall(fd, setDescriptorFlags, 0), 'fcntl');
}
