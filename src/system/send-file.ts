import { cFunctionAside } from './call-aside.ts';

const sendfileCall = cFunctionAside('int64_t sendfile(int, int, void *, size_t)');

/**
 * Copies from where an open file is read to where another is written, in the kernel, on another thread.
 *
 * @param most bytes
 * @returns bytes that were copied, 0 at the end of the file; -1 if it failed: whoever reads and writes instead hears why
 */
export function sendFile(source: number, target: number, most: number): Promise<number> {
  return sendfileCall(target, source, null, most);
}
