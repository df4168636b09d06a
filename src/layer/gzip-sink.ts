import { availableParallelism } from 'node:os';
import { constants, crc32, createDeflateRaw } from 'node:zlib';
import { BlockPool } from './block-sink.ts';
import { blockSize } from './spare-blocks.ts';
import type { CompressedSink, WriteChunk } from './compressed-sink.ts';
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
/** An empty block that says it is the last. */
const lastBlock = Buffer.from([3, 0]);

/**
 * Compresses to gzip, several blocks at a time on other threads. Each is compressed on its own, knowing the end of the one
 * before, so the bytes do not depend on how many there are at a time. What is noise in them is stored as it is.
 */
export class GzipSink implements CompressedSink {
  readonly #level: number;
  readonly #write: WriteChunk;
  readonly #pool = new BlockPool(Math.min(availableParallelism(), 4) + 2);
  #crc = 0;
  #size = 0;
  #window: Buffer | undefined;
  /** Where what is stored is put together, one at a time. */
  #stored: Buffer | undefined;
  /** Done when everything so far is written. */
  #written = Promise.resolve();

  constructor(level: number, write: WriteChunk) {
    this.#level = level;
    this.#write = write;
    this.#append(() => this.#write(header));
  }

  take(): Buffer | Promise<Buffer> {
    return this.#pool.take();
  }

  put(block: Buffer, length: number, read?: Promise<void>): void {
    const input = block.subarray(0, length);
    this.#crc = crc32(input, this.#crc);
    this.#size += length;
    const stretches = this.#level < trying ? findNoise(input) : [{ start: 0, end: length, isNoise: false }];
    const parts = stretches.map(({ start, end, isNoise }) => {
      const bytes = input.subarray(start, end);
      return isNoise ? bytes : this.#deflate(bytes, start === 0 ? this.#window : undefined);
    });
    const isWindow = length >= windowSize && stretches.at(-1)?.isNoise === false;
    this.#window = isWindow ? Buffer.from(input.subarray(length - windowSize)) : undefined;
    this.#append(async () => {
      for (const part of parts) await (part instanceof Promise ? this.#writeAll(await part) : this.#store(part));
      await read;
      this.#pool.release(block);
    });
  }

  async finish(): Promise<void> {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#crc, 0);
    trailer.writeUInt32LE(this.#size % 2 ** 32, 4);
    this.#append(() => this.#write(Buffer.concat([lastBlock, trailer])));
    await this.#written;
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
