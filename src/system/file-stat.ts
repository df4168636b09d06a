import type { BigIntStats } from 'node:fs';
import type { FileIdentity } from '../spec/tar/layer-entry.ts';

/** What the kernel says of a file: the part of Node's `BigIntStats` that does not change by reading. */
export type FileStat = Pick<
  BigIntStats,
  | (
      | 'dev'
      | 'ino'
      | 'mode'
      | 'nlink'
      | 'uid'
      | 'gid'
      | 'rdev'
      | 'size'
      | 'blocks'
      | 'mtimeNs'
      | 'ctimeNs'
      | 'birthtimeNs'
    )
  | ('isFile' | 'isDirectory' | 'isSymbolicLink' | 'isFIFO' | 'isSocket' | 'isCharacterDevice' | 'isBlockDevice')
>;

/** STATX_BASIC_STATS and STATX_BTIME: what Node asks for, too. */
export const statxMask = 0xfff;

const second = 1_000_000_000n;
const types = {
  mask: 0o170000,
  file: 0o100000,
  directory: 0o040000,
  symlink: 0o120000,
  fifo: 0o010000,
  socket: 0o140000,
  character: 0o020000,
  block: 0o060000,
} as const;

/** What statx(2) wrote at a place. https://man7.org/linux/man-pages/man2/statx.2.html */
export function readStatx(bytes: DataView, at: number): FileStat {
  return new KernelStat(bytes, at);
}

/** What tells a file from others and from what it was before: 52 bits of it; times that differ by little give others. */
export function fileSummary(stat: FileIdentity): number {
  return stat instanceof KernelStat ? stat.summary : summarize(partsOf(stat));
}

function partsOf({ dev, ino, mode, size, mtimeNs, ctimeNs }: FileIdentity): readonly number[] {
  return [Number(dev), Number(ino), Number(mode), Number(size), ...timeParts(mtimeNs), ...timeParts(ctimeNs)];
}

/** Seconds and nanoseconds, as the kernel has them: before 1970, too, the latter are not negative. */
function timeParts(ns: bigint): readonly [number, number] {
  const rest = ((ns % second) + second) % second;
  return [Number((ns - rest) / second), Number(rest)];
}

/** Two sums of 26 bits, of the lower and the upper halves of numbers. */
function summarize(parts: readonly number[]): number {
  let [one, other] = [0, 0];
  for (const part of parts) {
    const [low, high] = [part | 0, Math.floor(part / 2 ** 32) | 0];
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

class KernelStat implements FileStat {
  /** What {@link fileSummary} gives. */
  readonly summary: number;
  readonly dev: bigint;
  readonly ino: bigint;
  readonly mode: bigint;
  readonly nlink: bigint;
  readonly uid: bigint;
  readonly gid: bigint;
  readonly rdev: bigint;
  readonly size: bigint;
  readonly blocks: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly birthtimeNs: bigint;

  constructor(bytes: DataView, at: number) {
    const word = (offset: number): number => bytes.getUint32(at + offset, true);
    this.nlink = BigInt(word(16));
    this.uid = BigInt(word(20));
    this.gid = BigInt(word(24));
    this.mode = BigInt(bytes.getUint16(at + 28, true));
    this.ino = bytes.getBigUint64(at + 32, true);
    this.size = bytes.getBigUint64(at + 40, true);
    this.blocks = bytes.getBigUint64(at + 48, true);
    this.birthtimeNs = nanoseconds(bytes, at + 80);
    this.ctimeNs = nanoseconds(bytes, at + 96);
    this.mtimeNs = nanoseconds(bytes, at + 112);
    this.rdev = deviceNumber(word(128), word(132));
    this.dev = deviceNumber(word(136), word(140));
    const { dev, ino, mode, size } = this;
    const seconds = (offset: number): number => word(offset) + bytes.getInt32(at + offset + 4, true) * 2 ** 32;
    const modified = [seconds(112), word(120)] as const;
    const changed = [seconds(96), word(104)] as const;
    this.summary = summarize([Number(dev), Number(ino), Number(mode), Number(size), ...modified, ...changed]);
  }

  isFile(): boolean {
    return this.#isOf(types.file);
  }

  isDirectory(): boolean {
    return this.#isOf(types.directory);
  }

  isSymbolicLink(): boolean {
    return this.#isOf(types.symlink);
  }

  isFIFO(): boolean {
    return this.#isOf(types.fifo);
  }

  isSocket(): boolean {
    return this.#isOf(types.socket);
  }

  isCharacterDevice(): boolean {
    return this.#isOf(types.character);
  }

  isBlockDevice(): boolean {
    return this.#isOf(types.block);
  }

  #isOf(type: number): boolean {
    return (Number(this.mode) & types.mask) === type;
  }
}

/** Of a `struct statx_timestamp`. */
function nanoseconds(bytes: DataView, at: number): bigint {
  return bytes.getBigInt64(at, true) * second + BigInt(bytes.getUint32(at + 8, true));
}

/** As makedev(3) puts the parts together, and Node has them. */
function deviceNumber(major: number, minor: number): bigint {
  if (major === 0 && minor < 0x100) return BigInt(minor);
  const [high, low] = [BigInt(major), BigInt(minor)];
  return ((high & ~0xfffn) << 32n) | ((low & ~0xffn) << 12n) | ((high & 0xfffn) << 8n) | (low & 0xffn);
}
