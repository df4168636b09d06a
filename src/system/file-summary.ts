import type { FileIdentity } from './file-stat.ts';
import { KernelStat, readPassingStatx } from './kernel-stat.ts';

const second = 1_000_000_000n;

/** The {@link fileSummary} of what statx(2) wrote at a place. */
export function statxSummary(bytes: DataView, at: number): number {
  return fileSummary(readPassingStatx(bytes, at));
}

/** What tells a file from others and from what it was before: 52 bits of it; times that differ by little give others. */
export function fileSummary(stat: FileIdentity): number {
  if (stat instanceof KernelStat) stat.writeParts(parts);
  else writeParts(stat);
  return summarize();
}

/** The parts of the file that is being summarized: of each number, the lower 32 bits and the higher ones. */
const parts = new Int32Array(16);

function writeParts({ dev, ino, mode, size, mtimeNs, ctimeNs }: FileIdentity): void {
  const numbers = [Number(dev), Number(ino), Number(mode), Number(size), ...timeParts(mtimeNs), ...timeParts(ctimeNs)];
  for (const [index, number] of numbers.entries()) {
    parts[2 * index] = number;
    parts[2 * index + 1] = Math.floor(number / 2 ** 32);
  }
}

/** Seconds and nanoseconds, as the kernel has them: before 1970, too, the latter are not negative. */
function timeParts(ns: bigint): readonly [number, number] {
  const rest = ((ns % second) + second) % second;
  return [Number((ns - rest) / second), Number(rest)];
}

/** Two sums of 26 bits, of the lower and the higher halves of numbers. */
function summarize(): number {
  let one = 0;
  let other = 0;
  for (let at = 0; at < parts.length; at += 2) {
    const low = parts[at] ?? 0;
    const high = parts[at + 1] ?? 0;
    one = mix(mix(one, low), high);
    other = mix(mix(other + 1, high), low);
  }
  return (one >>> 6) * 2 ** 26 + (other >>> 6);
}

/** A step of a hash whose every bit depends on all bits before. */
function mix(sum: number, part: number): number {
  const product = Math.imul(sum ^ part, 0x9e3779b1);
  return Math.imul(product ^ (product >>> 15), 0x85ebca6b);
}
