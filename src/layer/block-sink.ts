import { returnBlock, takeBlock } from './spare-blocks.ts';

/** Takes the bytes of a stream in blocks. */
export interface BlockSink {
  /** An empty block of {@link blockSize}, as soon as there is one. Rejects if an earlier block failed. */
  take(): Buffer | Promise<Buffer>;
  /**
   * Gives back a block that was taken, with `length` bytes in it: {@link blockSize} in all but the last. Until `read` resolves, if
   * it is given, somebody else reads the block, too.
   */
  put(block: Buffer, length: number, read?: Promise<void>): void;
}

/** Blocks that go round, so that memory stays the same however long the stream is. */
export class BlockPool {
  readonly #most: number;
  #made = 0;
  readonly #free: Buffer[] = [];
  #waiting: PromiseWithResolvers<Buffer> | undefined;
  #failure: { readonly error: unknown } | undefined;

  /** @param most blocks that there are at a time */
  constructor(most: number) {
    this.#most = most;
  }

  /** For one taker at a time. */
  take(): Buffer | Promise<Buffer> {
    if (this.#failure) throw this.#failure.error;
    const free = this.#free.pop();
    if (free) return free;
    if (this.#made < this.#most) {
      this.#made++;
      return takeBlock();
    }
    this.#waiting = Promise.withResolvers<Buffer>();
    return this.#waiting.promise;
  }

  release(block: Buffer): void {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting) waiting.resolve(block);
    else this.#free.push(block);
  }

  /** To be called when all blocks were given back. */
  close(): void {
    for (const block of this.#free.splice(0)) returnBlock(block);
  }

  /** Whoever takes, or waits, gets this error. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#waiting?.reject(error);
    this.#waiting = undefined;
  }
}
