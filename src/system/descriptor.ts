import { cFunction } from './c-library.ts';
import { checked } from './system-error.ts';

const closeCall = cFunction('int close(int)');

/** close(2), for what was opened here: Node's own warns, in a thread, of descriptors that it has not opened. */
export function closeDescriptor(fd: number): void {
  checked(closeCall(fd), 'close');
}
