/** How a tar is cut up on its way, in bytes. What it is compressed to depends on it. */
export const blockSize = 1 << 20;

/** Blocks of layers that were written, for the next ones: each new one brings the next garbage collection nearer. */
const spare: Buffer[] = [];
const mostSpare = 4;

/** An empty block of {@link blockSize}. */
export function takeBlock(): Buffer {
  return spare.pop() ?? Buffer.allocUnsafeSlow(blockSize);
}

/** Gives back a block that nobody uses any more. */
export function returnBlock(block: Buffer): void {
  if (spare.length < mostSpare) spare.push(block);
}
