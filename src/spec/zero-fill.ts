/** Up to so many bytes, a loop is quicker than a call. */
const few = 1024;

/** Writes zeros from `start` up to `end`. Buffers have a `fill` of their own, which takes longer for few of them. */
export function zeroFill(bytes: Uint8Array, start = 0, end = bytes.length): void {
  if (end - start > few) Uint8Array.prototype.fill.call(bytes, 0, start, end);
  else for (let at = start; at < end; at++) bytes[at] = 0;
}
