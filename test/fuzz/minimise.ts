/** Leaves out parts of an input as long as it stays interesting; tries some hundreds of times. */
export async function minimise(
  input: Uint8Array,
  isInteresting: (smaller: Uint8Array) => Promise<boolean>,
): Promise<Uint8Array> {
  let best = Buffer.from(input);
  let tries = 500;
  for (let size = best.length >> 1; size > 0; size >>= 1) {
    for (let at = 0; at < best.length && tries > 0;) {
      const smaller = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      tries--;
      if (await isInteresting(smaller)) best = smaller;
      else at += size;
    }
  }
  return best;
}
