import { createHash } from 'node:crypto';
import { parseDiffId } from '../spec/digest.ts';
import type { DiffId } from '../spec/digest.ts';
import { BlockPool, type BlockSink } from './block-sink.ts';

/** Hashes what goes through: into another sink, or nowhere. */
export class DigestSink implements BlockSink {
  readonly #hash = createHash('sha256');
  readonly #next: BlockSink | undefined;
  /** Without another sink, one block is filled while another is read. */
  readonly #pool = new BlockPool(2);

  constructor(next?: BlockSink) {
    this.#next = next;
  }

  take(): Buffer | Promise<Buffer> {
    return (this.#next ?? this.#pool).take();
  }

  put(block: Buffer, length: number): void {
    this.#hash.update(block.subarray(0, length));
    if (this.#next) this.#next.put(block, length);
    else this.#pool.release(block);
  }

  /** Of all that went through; asked once, at the end. */
  digest(): DiffId {
    this.#pool.close();
    return parseDiffId(`sha256:${this.#hash.digest('hex')}`);
  }
}
