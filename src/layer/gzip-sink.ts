import { availableParallelism } from 'node:os';
import { promisify } from 'node:util';
import { constants, crc32, deflateRaw } from 'node:zlib';
import { BlockPool } from './block-sink.ts';
import type { CompressedSink, WriteChunk } from './compressed-sink.ts';

const deflate = promisify<Uint8Array, object, Buffer>(deflateRaw);

/** As far back as deflate can refer, in bytes. */
const windowSize = 1 << 15;
/** No name, no time, no system: nothing that is not in the content. */
const header = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** An empty block that says it is the last. */
const lastBlock = Buffer.from([3, 0]);

/**
 * Compresses to gzip, several blocks at a time on other threads. Each is compressed on its own, knowing the end of the one
 * before, so the bytes do not depend on how many there are at a time.
 */
export class GzipSink implements CompressedSink {
  readonly #level: number;
  readonly #write: WriteChunk;
  readonly #pool = new BlockPool(Math.min(availableParallelism(), 4) + 2);
  #crc = 0;
  #size = 0;
  #window: Buffer | undefined;
  /** Done when everything so far is written. */
  #written = Promise.resolve();

  constructor(level: number, write: WriteChunk) {
    this.#level = level;
    this.#write = write;
    this.#written = this.#then(() => header);
  }

  take(): Buffer | Promise<Buffer> {
    return this.#pool.take();
  }

  put(block: Buffer, length: number): void {
    const input = block.subarray(0, length);
    this.#crc = crc32(input, this.#crc);
    this.#size += length;
    const options = {
      level: this.#level,
      finishFlush: constants.Z_SYNC_FLUSH,
      chunkSize: 1 << 18,
      ...(this.#window && { dictionary: this.#window }),
    };
    this.#window = length >= windowSize ? Buffer.from(input.subarray(length - windowSize)) : undefined;
    const compressed = deflate(input, options);
    // The chain below takes the error; until it gets there, nobody else does.
    compressed.catch(() => undefined);
    this.#written = this.#then(() => compressed, block);
  }

  async finish(): Promise<void> {
    const trailer = Buffer.alloc(8);
    trailer.writeUInt32LE(this.#crc, 0);
    trailer.writeUInt32LE(this.#size % 2 ** 32, 4);
    await this.#then(() => Buffer.concat([lastBlock, trailer]));
  }

  /** Blocks go round only after they are written, so what waits for an earlier one is bounded too. */
  #then(make: () => Buffer | Promise<Buffer>, block?: Buffer): Promise<void> {
    const before = this.#written;
    const done = (async () => {
      await before;
      await this.#write(await make());
      if (block) this.#pool.release(block);
    })();
    done.catch((error: unknown) => {
      this.#pool.fail(error);
    });
    return done;
  }
}
