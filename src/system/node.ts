import { arch } from 'node:os';
import { cFunction } from './c-library.ts';
import { cPath } from './c-path.ts';
import { checked } from './system-error.ts';

// Not mknod(), which older C libraries do not have as a function.
const mknodatCall = cFunction('long syscall(long, int, const char *, unsigned int, unsigned long)');
const mknodat = arch() === 'arm64' ? 33 : 259;
const currentFolder = -100;

/**
 * mknod(2): a character or block device, a fifo or a socket.
 *
 * @param mode the type (`S_IFCHR`, ...) and the permissions, from which the umask is taken
 */
export function makeNode(path: string, mode: number, major: number, minor: number): void {
  checked(mknodatCall(mknodat, currentFolder, cPath(path), mode, deviceNumber(major, minor)), 'mknod', path);
}

/** As the kernel takes it from user space: 12 bits of major, 20 of minor, of which the lower 8 come first. */
export function deviceNumber(major: number, minor: number): number {
  return ((minor & 0xff) | (major << 8) | ((minor & ~0xff) << 12)) >>> 0;
}
