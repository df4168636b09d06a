import { lazy } from '../spec/lazy.ts';
import { cLibrary } from './c-library.ts';

/** Returns where its first argument is. */
const copyNothing = lazy(() => cLibrary().symbols.func('intptr_t memmove(void *, const void *, size_t)'));

const known = new WeakMap<ArrayBufferLike, number>();

/** Where bytes are in memory, for as long as somebody has them. They must have a buffer of their own, or a part of one. */
export function addressOf({ buffer, byteOffset }: ArrayBufferView): number {
  let address = known.get(buffer);
  if (address === undefined) {
    const start = new Uint8Array(buffer);
    address = Number(copyNothing()(start, start, 0));
    known.set(buffer, address);
  }
  return address + byteOffset;
}
