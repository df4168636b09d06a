import { BlockPool } from './block-sink.ts';
import type { CompressedSink, WriteChunk } from './compressed-sink.ts';

/** Writes what it is given as it is: one block while the next is being filled. */
export class PlainSink implements CompressedSink {
  readonly #write: WriteChunk;
  readonly #pool = new BlockPool(2);
  #written = Promise.resolve();

  constructor(write: WriteChunk) {
    this.#write = write;
  }

  take(): Buffer | Promise<Buffer> {
    return this.#pool.take();
  }

  put(block: Buffer, length: number, read?: Promise<void>): void {
    this.#written = this.#written.then(async () => {
      await this.#write(block.subarray(0, length));
      await read;
      this.#pool.release(block);
    });
    this.#written.catch((error: unknown) => {
      this.#pool.fail(error);
    });
  }

  /** Resolves when all that was put is written; more may follow. */
  async flush(): Promise<void> {
    await this.#written;
  }

  async finish(): Promise<void> {
    await this.#written;
    this.#pool.close();
  }
}
