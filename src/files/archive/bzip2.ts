import { ValueError } from '../../spec/value-error.ts';
import { lazy } from '../../spec/lazy.ts';
import { BitReader } from './bit-reader.ts';
import { HuffmanCode } from './huffman.ts';

const blockMagic = [0x314159, 0x265359] as const;
const endMagic = [0x177245, 0x385090] as const;
/** Symbols that one selector is for. */
const groupSize = 50;
const outputSize = 256 * 1024;

/**
 * Unpacks an open bzip2 file, of one or more streams, in chunks that are only good until the next is asked for. Blocks.
 *
 * Throws a `ValueError` for data that is damaged.
 *
 * @see https://github.com/dsnet/compress/blob/master/doc/bzip2-format.pdf
 */
export function* readBzip2(file: number): Generator<Uint8Array> {
  const bits = new BitReader(file);
  const output = Buffer.allocUnsafeSlow(outputSize);
  let isFirst = true;
  while (isFirst || !bits.isAtEnd) {
    const level = readStreamHeader(bits);
    isFirst = false;
    const block = new Uint32Array(level * 100_000);
    let combined = 0;
    for (;;) {
      const magic = [bits.take(24), bits.take(24)];
      const expected = readChecksum(bits);
      if (magic[0] === endMagic[0] && magic[1] === endMagic[1]) {
        if (combined !== expected) throw damaged('checksum');
        bits.align();
        break;
      }
      if (magic[0] !== blockMagic[0] || magic[1] !== blockMagic[1]) throw damaged('block header');
      const checksum = yield* readBlock(bits, block, output);
      if (checksum !== expected) throw damaged('checksum');
      combined = (((combined << 1) | (combined >>> 31)) ^ checksum) >>> 0;
    }
  }
}

function readStreamHeader(bits: BitReader): number {
  const magic = bits.take(24);
  const level = bits.take(8) - 0x30;
  if (magic !== 0x425a68 || level < 1 || level > 9) throw damaged('header');
  return level;
}

function readChecksum(bits: BitReader): number {
  return bits.take(16) * 0x10000 + bits.take(16);
}

/** Returns the checksum of what it yielded. */
function* readBlock(bits: BitReader, block: Uint32Array, output: Buffer): Generator<Uint8Array, number> {
  if (bits.take(1) === 1) throw damaged('block: randomized blocks are not supported');
  const origin = bits.take(24);
  const symbols = readSymbols(bits);
  const { codes, selectors } = readCodes(bits, symbols.length + 2);
  const length = readMoveToFront(bits, block, { symbols, codes, selectors });
  if (origin >= length) throw damaged('block');
  return yield* undoTransform(block, length, origin, output);
}

/** The bytes that occur in a block. */
function readSymbols(bits: BitReader): Uint8Array {
  const ranges = bits.take(16);
  const used: number[] = [];
  for (let range = 0; range < 16; range++) {
    if ((ranges & (0x8000 >> range)) === 0) continue;
    const members = bits.take(16);
    for (let member = 0; member < 16; member++)
      if ((members & (0x8000 >> member)) !== 0) used.push(range * 16 + member);
  }
  if (used.length === 0) throw damaged('block');
  return Uint8Array.from(used);
}

interface Codes {
  readonly codes: readonly HuffmanCode[];
  /** Which code is for which group of symbols. */
  readonly selectors: Uint8Array;
}

function readCodes(bits: BitReader, alphabetSize: number): Codes {
  const count = bits.take(3);
  const selectors = new Uint8Array(bits.take(15));
  if (count < 2 || count > 6 || selectors.length === 0) throw damaged('block');
  const recent = [0, 1, 2, 3, 4, 5].slice(0, count);
  for (let index = 0; index < selectors.length; index++) {
    let place = 0;
    while (bits.take(1) === 1) if (++place >= count) throw damaged('block');
    const [code = 0] = recent.splice(place, 1);
    recent.unshift(code);
    selectors[index] = code;
  }
  return { codes: recent.map(() => readCode(bits, alphabetSize)), selectors };
}

function readCode(bits: BitReader, alphabetSize: number): HuffmanCode {
  const lengths = new Uint8Array(alphabetSize);
  let length = bits.take(5);
  for (let symbol = 0; symbol < alphabetSize; symbol++) {
    while (bits.take(1) === 1) length += bits.take(1) === 1 ? -1 : 1;
    if (length < 1 || length > 20) throw damaged('block');
    lengths[symbol] = length;
  }
  return new HuffmanCode(lengths);
}

/** Fills the block with the bytes, in the order of the transform; returns how many there are. */
function readMoveToFront(
  bits: BitReader,
  block: Uint32Array,
  { symbols, codes, selectors }: Codes & { readonly symbols: Uint8Array },
): number {
  const end = symbols.length + 1;
  let length = 0;
  let run = 0;
  let runBit = 1;
  for (const selector of selectors) {
    const code = codes[selector];
    if (!code) throw damaged('block');
    for (let left = groupSize; left > 0; left--) {
      const symbol = code.read(bits);
      if (symbol < 2) {
        run += runBit << symbol;
        runBit <<= 1;
        if (run > block.length) throw damaged('block');
        continue;
      }
      if (run > 0) {
        if (length + run > block.length) throw damaged('block');
        block.fill(symbols[0] ?? 0, length, length + run);
        length += run;
        run = 0;
        runBit = 1;
      }
      if (symbol === end) return length;
      if (length === block.length) throw damaged('block');
      const byte = symbols[symbol - 1] ?? 0;
      symbols.copyWithin(1, 0, symbol - 1);
      symbols[0] = byte;
      block[length++] = byte;
    }
  }
  throw damaged('block');
}

/** Undoes the Burrows-Wheeler transform and the runs below it. Returns the checksum of what it yielded. */
function* undoTransform(
  block: Uint32Array,
  length: number,
  origin: number,
  output: Buffer,
): Generator<Uint8Array, number> {
  linkTransform(block, length);
  const table = checksumTable();
  let checksum = 0xffffffff;
  let filled = 0;
  let last = -1;
  let same = 0;
  let next = (block[origin] ?? 0) >>> 8;
  for (let left = length; left > 0; left--) {
    const value = block[next] ?? 0;
    let byte = value & 0xff;
    next = value >>> 8;
    let count = 1;
    if (same === 4) {
      // Behind four equal bytes, there is how often they go on.
      count = byte;
      byte = last;
      last = -1;
      same = 0;
    } else {
      same = byte === last ? same + 1 : 1;
      last = byte;
    }
    for (; count > 0; count--) {
      checksum = ((checksum << 8) ^ (table[(checksum >>> 24) ^ byte] ?? 0)) >>> 0;
      output[filled++] = byte;
      if (filled === output.length) {
        yield output;
        filled = 0;
      }
    }
  }
  yield output.subarray(0, filled);
  return ~checksum >>> 0;
}

/** Puts above each byte where in the block the byte after it is. */
function linkTransform(block: Uint32Array, length: number): void {
  const places = new Uint32Array(256);
  for (let at = 0; at < length; at++) add(places, (block[at] ?? 0) & 0xff, 1);
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) {
    const count = places[byte] ?? 0;
    places[byte] = sum;
    sum += count;
  }
  for (let at = 0; at < length; at++) {
    const byte = (block[at] ?? 0) & 0xff;
    add(block, places[byte] ?? 0, at << 8);
    add(places, byte, 1);
  }
}

function add(numbers: Uint32Array, index: number, amount: number): void {
  numbers[index] = (numbers[index] ?? 0) + amount;
}

const checksumTable = lazy(() =>
  Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte << 24;
    for (let bit = 0; bit < 8; bit++) value = (value << 1) ^ (value < 0 ? 0x04c11db7 : 0);
    return value;
  }),
);

function damaged(what: string): ValueError {
  return new ValueError(`invalid bzip2 ${what}`);
}
