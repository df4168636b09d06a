import { parseDiffId } from '../spec/digest.ts';
import type { DiffId } from '../spec/digest.ts';
import { Sha256 } from '../system/sha256.ts';
import { BlockPool } from './block-sink.ts';
import type { BlockSink } from './block-sink.ts';

/** Hashes what goes through, on another thread: into another sink, or nowhere. */
export class DigestSink implements BlockSink {
  readonly #hash = new Sha256();
  readonly #next: BlockSink | undefined;
  readonly #pool = new BlockPool(2);

  constructor(next?: BlockSink) {
    this.#next = next;
  }

  take(): Buffer | Promise<Buffer> {
    return (this.#next ?? this.#pool).take();
  }

  put(block: Buffer, length: number): void {
    const read = this.#hash.update(block.subarray(0, length));
    if (this.#next) this.#next.put(block, length, read);
    else void this.#release(block, read);
  }

  /** Of all that went through; asked once, at the end. */
  async digest(): Promise<DiffId> {
    const digest = await this.#hash.digest();
    this.#pool.close();
    return parseDiffId(`sha256:${digest}`);
  }

  async #release(block: Buffer, read: Promise<void> | undefined): Promise<void> {
    try {
      await read;
      this.#pool.release(block);
    } catch (error) {
      this.#pool.fail(error);
    }
  }
}
