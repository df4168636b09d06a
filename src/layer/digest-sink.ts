import { createHash } from 'node:crypto';
import { parseDiffId } from '../spec/digest.ts';
import type { DiffId } from '../spec/digest.ts';
import type { BlockSink } from './block-sink.ts';
import { returnBlock, takeBlock } from './spare-blocks.ts';

/** Hashes what goes through: into another sink, or nowhere. */
export class DigestSink implements BlockSink {
  readonly #hash = createHash('sha256');
  readonly #next: BlockSink | undefined;
  #block: Buffer | undefined;

  constructor(next?: BlockSink) {
    this.#next = next;
  }

  take(): Buffer | Promise<Buffer> {
    return this.#next ? this.#next.take() : (this.#block ??= takeBlock());
  }

  put(block: Buffer, length: number): void {
    this.#hash.update(block.subarray(0, length));
    this.#next?.put(block, length);
  }

  /** Of all that went through; asked once, at the end. */
  digest(): DiffId {
    if (this.#block) returnBlock(this.#block);
    this.#block = undefined;
    return parseDiffId(`sha256:${this.#hash.digest('hex')}`);
  }
}
