import { finished } from 'node:stream/promises';
import { constants, createZstdCompress } from 'node:zlib';
import { BlockPool } from './block-sink.ts';
import type { CompressedSink, WriteChunk } from './compressed-sink.ts';

/** Compresses to one frame of zstd, on another thread. */
export class ZstdSink implements CompressedSink {
  readonly #pool = new BlockPool(3);
  readonly #stream: ReturnType<typeof createZstdCompress>;
  readonly #written: Promise<void>;

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
    this.#stream.write(block.subarray(0, length), (error) => {
      if (!error) this.#pool.release(block);
    });
  }

  async finish(): Promise<void> {
    this.#stream.end();
    await this.#written;
  }

  async #writeAll(write: WriteChunk): Promise<void> {
    for await (const chunk of this.#stream as AsyncIterable<Buffer>) await write(chunk);
    await finished(this.#stream);
  }
}
