import { availableParallelism } from 'node:os';
import { constants, crc32, createDeflateRaw } from 'node:zlib';
import { BlockPool } from './block-sink.ts';
import { joinCrc32 } from './crc32.ts';
import { blockSize, returnBlock, takeBlock } from './spare-blocks.ts';
import type { CompressedSink, WriteChunk } from './compressed-sink.ts';
import { findCut } from './cut-points.ts';
import { segmentKey, type CompressedSegment, type KnownSegments, type SegmentSource } from './known-segments.ts';
import { findNoise } from './noise.ts';
import { storeBlocks, storedSize } from './stored-blocks.ts';

/** As far back as deflate can refer, in bytes. */
const windowSize = 1 << 15;
/** No name, no time, no system: nothing that is not in the content. */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** Buffers that are shorter Node makes parts of others. Bytes. */
const leastOutput = 1 << 16;
/** From this level on everything is tried: who wants that has time. */
const trying = 9;
const noBytes = Buffer.alloc(0);
/** An empty block that says it is the last. */
const lastBlock = Buffer.from([3, 0]);

/**
 * Compresses to gzip, several segments at a time on other threads. Each is compressed on its own, knowing the end of the one
 * before, and where they end depends on what is in them: so the bytes do not depend on how many there are at a time, nor on
 * what was known of them before. What is noise in them is stored as it is.
 */
export class GzipSink implements CompressedSink {
  readonly #level: number;
  readonly #write: WriteChunk;
  readonly #known: KnownSegments | undefined;
  readonly #pool = new BlockPool(Math.min(availableParallelism(), 4) + 2);
  /** CRC-32 of what came in, and how many bytes, as far as it is written. */
  #crc = 0;
  #size = 0;
  /** Bytes that came out. */
  #position = 0;
  /** The beginning of a segment whose end is not there yet. */
  #begun: Buffer | undefined;
  #begunSize = 0;
  #window: Buffer | undefined;
  /** Where what is stored is put together, one at a time. */
  #stored: Buffer | undefined;
  /** Done when everything so far is written. */
  #written = Promise.resolve();

  /** @param known what was compressed before need not be compressed again */
  constructor(level: number, write: WriteChunk, known?: KnownSegments) {
    this.#level = level;
    this.#known = known;
    this.#write = (chunk) => {
      this.#position += chunk.length;
      return write(chunk);
    };
    this.#append(() => this.#write(header));
  }

  take(): Buffer | Promise<Buffer> {
    return this.#pool.take();
  }

  put(block: Buffer, length: number, read?: Promise<void>): void {
    const input = block.subarray(0, length);
    let start = 0;
    for (let cut; (cut = findCut(input, start, this.#begunSize)) !== undefined; start = cut) {
      if (this.#begun) this.#endBegun(input.subarray(start, cut));
      else this.#compress(input.subarray(start, cut));
    }
    if (start < length) this.#begin(input.subarray(start));
    this.#append(async () => {
      await read;
      this.#pool.release(block);
    });
  }

  async finish(): Promise<void> {
    if (this.#begun) this.#endBegun(noBytes);
    this.#append(() => {
      const trailer = Buffer.alloc(8);
      trailer.writeUInt32LE(this.#crc, 0);
      trailer.writeUInt32LE(this.#size % 2 ** 32, 4);
      return this.#write(Buffer.concat([lastBlock, trailer]));
    });
    await this.#written;
  }

  /** Keeps bytes until the end of their segment comes. */
  #begin(bytes: Buffer): void {
    this.#begun ??= takeBlock();
    this.#begun.set(bytes, this.#begunSize);
    this.#begunSize += bytes.length;
  }

  /** Compresses what was kept, and these bytes. */
  #endBegun(bytes: Buffer): void {
    this.#begin(bytes);
    const [begun, size] = [this.#begun, this.#begunSize];
    if (!begun) return;
    this.#begun = undefined;
    this.#begunSize = 0;
    this.#compress(begun.subarray(0, size));
    this.#append(() => {
      returnBlock(begun);
      return Promise.resolve();
    });
  }

  /** Compresses a segment, which is free when all that was appended is written. */
  #compress(bytes: Buffer): void {
    const whole = { start: 0, end: bytes.length, isNoise: false };
    const stretches = this.#level < trying ? findNoise(bytes) : [whole];
    const [first] = stretches;
    if (first && stretches.length === 1 && !first.isNoise) {
      this.#compressWhole({ bytes, dictionary: this.#window, level: this.#level });
    } else {
      const parts = stretches.map(({ start, end, isNoise }) => {
        const part = bytes.subarray(start, end);
        return isNoise ? part : this.#deflate(part, start === 0 ? this.#window : undefined);
      });
      this.#append(async () => {
        this.#count(bytes.length, crc32(bytes));
        for (const part of parts) await (part instanceof Promise ? this.#writeAll(await part) : this.#store(part));
      });
    }
    const isWindow = bytes.length >= windowSize && stretches.at(-1)?.isNoise === false;
    this.#window = isWindow ? Buffer.from(bytes.subarray(bytes.length - windowSize)) : undefined;
  }

  /** What is compressed as a whole may be known. */
  #compressWhole(source: WholeSegment): void {
    const known = this.#known;
    if (!known) {
      const chunks = this.#deflate(source.bytes, source.dictionary);
      this.#append(async () => {
        this.#count(source.bytes.length, crc32(source.bytes));
        await this.#writeAll(await chunks);
      });
      return;
    }
    const found = this.#findOrDeflate(source, known);
    found.catch(() => undefined);
    this.#append(async () => {
      const segment = await found;
      this.#count(source.bytes.length, segment.crc);
      known.note(segment, this.#position);
      await this.#writeAll(segment.chunks);
    });
  }

  async #findOrDeflate(source: WholeSegment, known: KnownSegments): Promise<CompressedSegment> {
    const key = await segmentKey(source);
    const found = known.find(key);
    if (found) return found;
    const chunks = await this.#deflate(source.bytes, source.dictionary);
    return { key, chunks, crc: crc32(source.bytes) };
  }

  /** The next bytes that came in have this CRC-32. */
  #count(length: number, crc: number): void {
    this.#crc = joinCrc32(this.#crc, crc, length);
    this.#size += length;
  }

  #deflate(input: Buffer, dictionary: Buffer | undefined): Promise<Chunks> {
    const compressed = deflate(input, { level: this.#level, ...(dictionary && { dictionary }) });
    // Who waits for it takes the error; until then nobody does.
    compressed.catch(() => undefined);
    return compressed;
  }

  async #writeAll(chunks: Chunks): Promise<void> {
    for (const chunk of chunks) await this.#write(chunk);
    // Left to the garbage collector, dozens of them would lie about.
    for (const buffer of new Set(chunks.map((chunk) => chunk.buffer))) buffer.transfer(0);
  }

  async #store(bytes: Buffer): Promise<void> {
    this.#stored ??= Buffer.allocUnsafeSlow(storedSize(blockSize));
    await this.#write(storeBlocks(bytes, this.#stored));
  }

  /** In the order of the blocks. They go round only after they are written, so what waits for an earlier one is bounded too. */
  #append(write: () => Promise<void>): void {
    this.#written = this.#written.then(write);
    this.#written.catch((error: unknown) => {
      this.#pool.fail(error);
    });
  }
}

interface WholeSegment extends SegmentSource {
  readonly bytes: Buffer;
  readonly dictionary: Buffer | undefined;
}

type Chunks = readonly Buffer<ArrayBuffer>[];

/** Compresses bytes to such as others may follow, on another thread. */
function deflate(input: Buffer, options: { level: number; dictionary?: Buffer }): Promise<Chunks> {
  const { promise, resolve, reject } = Promise.withResolvers<Chunks>();
  // What cannot be compressed grows a little; with room for all of it, the output is one buffer.
  const chunkSize = Math.max(input.length + (input.length >> 8), leastOutput);
  const stream = createDeflateRaw({ ...options, finishFlush: constants.Z_SYNC_FLUSH, chunkSize });
  const chunks: Buffer<ArrayBuffer>[] = [];
  stream.on('data', (chunk: Buffer<ArrayBuffer>) => chunks.push(chunk));
  stream.on('error', reject);
  stream.on('end', () => {
    resolve(chunks);
  });
  stream.end(input);
  return promise;
}
