import type { FileStat } from './file-stat.ts';

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

/** Where the words of 32 bits that are kept are in a `struct statx`; of what has 64, the lower half comes first. */
const offsets = {
  ...{
    nlink: 16,
    uid: 20,
    gid: 24,
    mode: 28,
    ino: 32,
    inoHigh: 36,
    size: 40,
    sizeHigh: 44,
    blocks: 48,
    blocksHigh: 52,
  },
  ...{ birth: 80, birthHigh: 84, birthNs: 88, ctime: 96, ctimeHigh: 100, ctimeNs: 104 },
  ...{ mtime: 112, mtimeHigh: 116, mtimeNs: 120, rdevMajor: 128, rdevMinor: 132, devMajor: 136, devMinor: 140 },
} as const;
const kept = Object.values(offsets);
/** Which of the words that are kept it is. */
const word = Object.fromEntries(Object.keys(offsets).map((name, index) => [name, index])) as Readonly<
  Record<keyof typeof offsets, number>
>;

/** In the place of a half of a number that the kernel has none for. */
const none = -1;
/** Which words are the parts of a summary, but for the device, which is none. */
const summarized = [
  ...[none, none, word.ino, word.inoHigh, word.mode, none, word.size, word.sizeHigh],
  ...[word.mtime, word.mtimeHigh, word.mtimeNs, none, word.ctime, word.ctimeHigh, word.ctimeNs, none],
];

/** Words of so many files are kept together. */
const slabFiles = 256;
let slab = new Uint32Array(0);
let slabEnd = 0;

/** What statx(2) wrote at a place. https://man7.org/linux/man-pages/man2/statx.2.html */
export function readStatx(bytes: DataView, at: number): FileStat {
  if (slabEnd === slab.length) {
    slab = new Uint32Array(slabFiles * kept.length);
    slabEnd = 0;
  }
  const start = slabEnd;
  slabEnd += kept.length;
  keepWords(bytes, at, slab, start);
  return new KernelStat(slab, start);
}

/** The same, but it changes with the next: there may be very many of which one thing is asked at once. */
export function readPassingStatx(bytes: DataView, at: number): KernelStat {
  keepWords(bytes, at, passing, 0);
  return passingStat;
}

function keepWords(bytes: DataView, at: number, words: Uint32Array, start: number): void {
  for (let index = 0; index < kept.length; index++)
    words[start + index] = bytes.getUint32(at + (kept[index] ?? 0), true);
}

let lastMode = { number: 0, bigint: 0n };

/** There may be very many of these, of which few questions are asked. */
export class KernelStat implements FileStat {
  readonly #words: Uint32Array;
  readonly #start: number;

  constructor(words: Uint32Array, start: number) {
    this.#words = words;
    this.#start = start;
  }

  get dev(): bigint {
    return deviceNumber(this.#word(word.devMajor), this.#word(word.devMinor));
  }

  get ino(): bigint {
    return this.#long(word.ino);
  }

  get mode(): bigint {
    const mode = this.#mode;
    // Mostly, that of the file before. It is asked for more often than anything else.
    if (mode !== lastMode.number) lastMode = { number: mode, bigint: BigInt(mode) };
    return lastMode.bigint;
  }

  get nlink(): bigint {
    return BigInt(this.#word(word.nlink));
  }

  get uid(): bigint {
    return BigInt(this.#word(word.uid));
  }

  get gid(): bigint {
    return BigInt(this.#word(word.gid));
  }

  get rdev(): bigint {
    return deviceNumber(this.#word(word.rdevMajor), this.#word(word.rdevMinor));
  }

  get size(): bigint {
    return this.#long(word.size);
  }

  get blocks(): bigint {
    return this.#long(word.blocks);
  }

  get mtimeNs(): bigint {
    return this.#time(word.mtime);
  }

  get ctimeNs(): bigint {
    return this.#time(word.ctime);
  }

  get birthtimeNs(): bigint {
    return this.#time(word.birth);
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

  /** The parts of its summary; see `file-summary.ts`. */
  writeParts(parts: Int32Array): void {
    const words = this.#words;
    const device = Number(this.dev);
    parts[0] = device;
    parts[1] = Math.floor(device / 2 ** 32);
    for (let to = 2; to < parts.length; to++) {
      const from = summarized[to] ?? none;
      parts[to] = from === none ? 0 : (words[this.#start + from] ?? 0);
    }
    parts[4] = this.#mode;
  }

  #isOf(type: number): boolean {
    // Not what the kernel said: somebody may have put another one in its place.
    return (Number(this.mode) & types.mask) === type;
  }

  /** It has 16 bits; what comes next in memory is nothing. */
  get #mode(): number {
    return this.#word(word.mode) & 0xffff;
  }

  #word(at: number): number {
    return this.#words[this.#start + at] ?? 0;
  }

  #long(at: number): bigint {
    const low = this.#word(at);
    const high = this.#word(at + 1);
    return high < 1 << 21 ? BigInt(low + high * 2 ** 32) : (BigInt(high) << 32n) | BigInt(low);
  }

  /** Seconds, which may be before 1970, and nanoseconds. */
  #time(at: number): bigint {
    const seconds = BigInt(this.#word(at) + (this.#word(at + 1) | 0) * 2 ** 32);
    return seconds * second + BigInt(this.#word(at + 2));
  }
}

const passing = new Uint32Array(kept.length);
const passingStat = new KernelStat(passing, 0);

/** As makedev(3) puts the parts together, and Node has them. */
function deviceNumber(major: number, minor: number): bigint {
  if (major < 0x1000 && minor < 0x100) return BigInt((major << 8) | minor);
  const [high, low] = [BigInt(major), BigInt(minor)];
  return ((high & ~0xfffn) << 32n) | ((low & ~0xffn) << 12n) | ((high & 0xfffn) << 8n) | (low & 0xffn);
}
