import { cFunction } from './c-library.ts';
import { cPath } from './c-path.ts';
import { checked } from './system-error.ts';

const utimensatCall = cFunction('int utimensat(int, const char *, const uint8_t *, int)');
const currentFolder = -100;
const noFollow = 0x100;
const second = 1_000_000_000n;

/**
 * Sets the times of last access and of last modification, exactly; of a symlink those of the link itself.
 *
 * @param mtimeNs nanoseconds since 1970, negative before
 */
export function setTimes(path: string, mtimeNs: bigint): void {
  const nanoseconds = ((mtimeNs % second) + second) % second;
  const seconds = (mtimeNs - nanoseconds) / second;
  const times = new Uint8Array(BigInt64Array.of(seconds, nanoseconds, seconds, nanoseconds).buffer);
  checked(utimensatCall(currentFolder, cPath(path), times, noFollow), 'utimensat', path);
}
