import { toBytes } from '../spec/byte-string.ts';

/**
 * A path for a C function: a name that is not UTF-8, of which a text has lone surrogates, goes to the kernel as the bytes
 * that it is. Anything else would be the name of another file.
 */
export function cPath(path: string): string | Uint8Array {
  if (path.isWellFormed()) return path;
  const bytes = toBytes(path);
  const terminated = new Uint8Array(bytes.length + 1);
  terminated.set(bytes);
  return terminated;
}
