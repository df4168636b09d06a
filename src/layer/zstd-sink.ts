import { finished } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { BlockPool } from './block-sink.ts';
import type { CompressedSink, WriteChunk } from './compressed-sink.ts';

/** Compresses to one frame of zstd, on another thread. */
export class ZstdSink implements CompressedSink {
  readonly #pool = new BlockPool(3);
  readonly #stream: ReturnType<typeof createZstdCompress>;
  readonly #written: Promise<void>;
  /** Done when the last block that was put has been compressed. */
  #taken: Promise<undefined> | undefined;

  constructor(level: number, write: WriteChunk) {
    this.#stream = createZstdCompress({
      chunkSize: 1 << 18,
      params: { [constants.ZSTD_c_compressionLevel]: level },
    });
    this.#written = this.#writeAll(write);
    this.#written.catch((error: unknown) => {
      this.#pool.fail(error);
    });
  }

  take(): Buffer | Promise<Buffer> {
    return this.#pool.take();
  }

  put(block: Buffer, length: number): void {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#taken = promise;
    this.#stream.write(block.subarray(0, length), (error) => {
      if (!error) this.#pool.release(block);
      resolve(undefined);
    });
  }

  async finish(): Promise<void> {
    // If the end is known before the last block is compressed, the bytes are others. They must not depend on who is faster.
    // What cannot be written ends the stream, and then nobody says that the block has been compressed.
    await Promise.race([this.#taken, this.#written]);
    this.#stream.end();
    await this.#written;
  }

  async #writeAll(write: WriteChunk): Promise<void> {
    for await (const chunk of this.#stream as AsyncIterable<Buffer>) await write(chunk);
    await finished(this.#stream);
  }
}
