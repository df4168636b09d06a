import { availableParallelism } from 'node:os';
import { BlockPool } from './block-sink.ts';
import type { CompressedSink, WriteChunk } from './compressed-sink.ts';
import { findNoise } from './noise.ts';
import { blockSize } from './spare-blocks.ts';
import { storedFrameSize, storeFrame } from './stored-frame.ts';
import { ZstdFrame } from './zstd-frame.ts';

/**
 * What is compressed as one, in bytes: twice as far back as it can refer at usual levels. Layers of libraries become half a
 * percent longer than as one frame.
 */
const frameSize = 4 * blockSize;
/** From this level on everything is tried, in one frame: it can refer further back, and who wants that has time. */
const trying = 9;

/**
 * Compresses to frames of zstd, several at a time on other threads. Where they begin depends on the bytes alone, and none knows
 * of another, so the bytes do not depend on how many there are at a time. What is noise in them is stored as it is.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8878#section-3
 */
export class ZstdSink implements CompressedSink {
  readonly #level: number;
  readonly #write: WriteChunk;
  /** For a frame on each thread there must be blocks. */
  readonly #pool = new BlockPool(4 * Math.min(availableParallelism(), 3));
  /** What is compressed next goes into it. */
  #frame: { readonly frame: ZstdFrame; size: number } | undefined;
  /** Where what is stored is put together, one at a time. */
  #stored: Buffer | undefined;
  #isEmpty = true;
  /** Done when everything so far is written. */
  #written = Promise.resolve();

  constructor(level: number, write: WriteChunk) {
    this.#level = level;
    this.#write = write;
  }

  take(): Buffer | Promise<Buffer> {
    return this.#pool.take();
  }

  put(block: Buffer, length: number, read?: Promise<void>): void {
    this.#isEmpty = false;
    const input = block.subarray(0, length);
    const isTried = this.#level >= trying;
    const stretches = isTried ? [{ start: 0, end: length, isNoise: false }] : findNoise(input);
    for (const { start, end, isNoise } of stretches) {
      const bytes = input.subarray(start, end);
      if (isNoise) this.#store(bytes);
      else this.#compress(bytes);
    }
    if (!isTried && this.#frame && this.#frame.size >= frameSize) this.#endFrame();
    this.#append(async () => {
      await read;
      this.#pool.release(block);
    });
  }

  async finish(): Promise<void> {
    // No frame at all would not be zstd.
    if (this.#isEmpty) this.#compress(Buffer.alloc(0));
    this.#endFrame();
    await this.#written;
  }

  #compress(bytes: Buffer): void {
    this.#frame ??= { frame: new ZstdFrame(this.#level), size: 0 };
    const { frame } = this.#frame;
    this.#frame.size += bytes.length;
    const taken = frame.put(bytes);
    this.#append(async () => {
      await taken;
      await frame.writeTo(this.#write);
    });
  }

  #endFrame(): void {
    if (!this.#frame) return;
    const { frame } = this.#frame;
    this.#frame = undefined;
    const ended = frame.end();
    this.#append(async () => {
      await ended;
      await frame.writeTo(this.#write);
    });
  }

  #store(bytes: Buffer): void {
    this.#endFrame();
    this.#append(async () => {
      this.#stored ??= Buffer.allocUnsafeSlow(storedFrameSize(blockSize));
      await this.#write(storeFrame(bytes, this.#stored));
    });
  }

  /** In the order of the blocks. They go round only after they are written, so what waits for an earlier one is bounded too. */
  #append(write: () => Promise<void>): void {
    this.#written = this.#written.then(write);
    this.#written.catch((error: unknown) => {
      this.#pool.fail(error);
    });
  }
}
