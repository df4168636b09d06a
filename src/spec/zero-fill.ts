/** Writes zeros from `start` up to `end`. Buffers have a `fill` of their own, which takes longer for few of them. */
export function zeroFill(bytes: Uint8Array, start = 0, end = bytes.length): void {
  Uint8Array.prototype.fill.call(bytes, 0, start, end);
}
