/** What is looked at as one. Bytes. */
const segmentSize = 1 << 16;
/** Bytes from one that is counted to the next: not what records have as their size. */
const stride = 29;
/**
 * How unevenly bytes may occur: the sum of the squares of the differences, over what is expected of each. Noise has about 255, give or
 * take 25, however many are counted; what has more than this could be made a percent smaller by shorter codes for some.
 */
const mostUneven = 440;
/** Of the groups of four bytes that are looked for in what comes before them, how many may be found. Noise has none. */
const mostRepeated = segmentSize >> 11;
/** How many are remembered, by bits of their product with a large prime. */
const memoryBits = 14;
const prime = 0x9e3779b1;

const counts = new Uint32Array(256);
const expected = segmentSize / stride / counts.length;
/** What {@link mostUneven} is, said of the sum of the squares of all that is counted in a segment. */
const mostSquares = expected * (mostUneven + 2 * Math.ceil(segmentSize / stride) - counts.length * expected);
const memory = new Int32Array(1 << memoryBits);

/** A part of a block. */
export interface Stretch {
  readonly start: number;
  readonly end: number;
  /** It has been compressed or encrypted before: trying again is the slowest that a compressor can do, and in vain. */
  readonly isNoise: boolean;
}

/**
 * Parts a block into what can be compressed and what cannot, as a look at a part of its bytes tells: it takes a twentieth of
 * the time of trying. Depends on the bytes of the block only.
 */
export function findNoise(block: Uint8Array): readonly Stretch[] {
  const stretches: Stretch[] = [];
  for (let start = 0; start < block.length; start += segmentSize) {
    const end = Math.min(start + segmentSize, block.length);
    const isNoise = end - start === segmentSize && isNoiseSegment(block.subarray(start, end));
    const last = stretches.at(-1);
    if (last?.isNoise === isNoise) stretches[stretches.length - 1] = { ...last, end };
    else stretches.push({ start, end, isNoise });
  }
  return stretches;
}

function isNoiseSegment(bytes: Uint8Array): boolean {
  return isEven(bytes) && repetitions(bytes) <= mostRepeated;
}

/** Looks no further than where the squares of the counts add up to more than they may: soon, where something is written. */
function isEven(bytes: Uint8Array): boolean {
  counts.fill(0);
  let squares = 0;
  for (let at = 0; at < bytes.length; at += stride) {
    const byte = bytes[at] ?? 0;
    const before = counts[byte] ?? 0;
    counts[byte] = before + 1;
    squares += 2 * before + 1;
    if (squares > mostSquares) return false;
  }
  return true;
}

/** Remembers every fourth group of four bytes, and of every sixteenth, at all remainders in turn, whether it was there. */
function repetitions(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  memory.fill(0);
  let found = 0;
  for (let at = 0; at + 8 <= bytes.length; at += 4) {
    if ((at & 15) === 0) {
      const group = view.getInt32(at + ((at >> 4) & 3), true);
      if (memory[slot(group)] === group) found++;
    }
    const group = view.getInt32(at, true);
    memory[slot(group)] = group;
  }
  return found;
}

function slot(group: number): number {
  return Math.imul(group, prime) >>> (32 - memoryBits);
}
