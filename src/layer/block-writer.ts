import { fstatSync, readSync } from 'node:fs';
import type { OpenableContent } from '../spec/tar/layer-entry.ts';
import { dataExtents } from '../system/data-extents.ts';
import { Pacer } from '../system/pacer.ts';
import type { BlockSink } from './block-sink.ts';
import { PendingFiles, type ContentPlace } from './pending-files.ts';

/** Of longer files, the reading itself takes the time. Bytes. */
const longestLater = 1 << 18;

/** How far ahead zeros are written, in bytes. */
const clearedAtOnce = 1 << 14;

/** Fills the blocks of a sink. */
export class BlockWriter {
  readonly #sink: BlockSink;
  readonly #pacer: Pacer;
  #block: Buffer | undefined;
  #used = 0;
  /** Up to there, zeros are behind what is used of the block. */
  #clearEnd = 0;
  #size = 0;
  /** Files of which the block has no more than the room. */
  #pending: PendingFiles | undefined;
  /** Done when the sink has all blocks before this one. Undefined if it has. */
  #before: Promise<void> | undefined;
  /** Rejects with what failed meanwhile. */
  readonly #failure = Promise.withResolvers<never>();

  /** @param signal stops it at the next block */
  constructor(sink: BlockSink, signal?: AbortSignal) {
    this.#sink = sink;
    this.#failure.promise.catch(() => undefined);
    this.#pacer = new Pacer(signal);
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Undefined if it is done: there are many short ones, and a promise for each takes longer than they do. */
  write(bytes: Uint8Array): Promise<void> | undefined {
    const block = this.#block;
    if (!block || bytes.length > block.length - this.#used) return this.#writeInParts(bytes);
    block.set(bytes, this.#used);
    this.#advance(block, bytes.length);
    return undefined;
  }

  async #writeInParts(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const block = await this.#room();
      const length = Math.min(bytes.length - at, block.length - this.#used);
      block.set(bytes.subarray(at, at + length), this.#used);
      this.#advance(block, length);
      at += length;
    }
  }

  /**
   * Copies `size` bytes of an open file, straight into the blocks that the sink gets; `see` is shown them. Whether the file had
   * so many.
   */
  copyFile(fd: number, size: number, see?: (chunk: Uint8Array) => void): Promise<boolean> | boolean {
    const block = this.#block;
    if (!block || size > block.length - this.#used) return this.#copyInParts(fd, size, see);
    for (let left = size; left > 0;) {
      const length = this.#read(block, fd, left, see);
      if (length === 0) return false;
      left -= length;
    }
    return true;
  }

  /** Leaves room for a short file, which is read by another thread. False if there is none: it has to be copied now. */
  readLater(content: OpenableContent, { path, size }: ContentPlace): boolean {
    const block = this.#block;
    if (!block || size > longestLater || size > block.length - this.#used) return false;
    const pending = (this.#pending ??= new PendingFiles());
    if (!pending.add({ path, size, content, block, at: this.#used })) return false;
    this.#advance(block, size);
    return true;
  }

  async #copyInParts(fd: number, size: number, see?: (chunk: Uint8Array) => void): Promise<boolean> {
    for (let left = size; left > 0;) {
      const block = await this.#room();
      const length = this.#read(block, fd, left, see);
      if (length === 0) return false;
      left -= length;
    }
    return true;
  }

  /** As {@link copyFile}, but holes are not read: the kernel would make pages of them. */
  async copySparseFile(fd: number, size: number): Promise<boolean> {
    let at = 0;
    for (const { start, end } of dataExtents(fd, size)) {
      await this.zeros(start - at);
      if (!(await this.copyFile(fd, end - start))) return false;
      at = end;
    }
    await this.zeros(size - at);
    return fstatSync(fd).size >= size;
  }

  /** Whether {@link write} would take so many bytes at once. */
  protected hasRoom(length: number): boolean {
    return this.#block !== undefined && length <= this.#block.length - this.#used;
  }

  /** As {@link write}, zeros. */
  zeros(count: number): Promise<void> | undefined {
    const block = this.#block;
    if (!block || count > block.length - this.#used) return this.#zerosInParts(count);
    this.#clear(block, count);
    this.#advance(block, count);
    return undefined;
  }

  async #zerosInParts(count: number): Promise<void> {
    for (let left = count; left > 0;) {
      const block = await this.#room();
      const length = Math.min(left, block.length - this.#used);
      this.#clear(block, length);
      this.#advance(block, length);
      left -= length;
    }
  }

  /** Some more at once: a fill for each of many files takes longer, and what is written later goes over it. */
  #clear(block: Buffer, count: number): void {
    const end = this.#used + count;
    if (end <= this.#clearEnd) return;
    const start = Math.max(this.#used, this.#clearEnd);
    this.#clearEnd = Math.min(Math.max(end, start + clearedAtOnce), block.length);
    block.fill(0, start, this.#clearEnd);
  }

  /** Gives the last bytes to the sink. */
  async end(): Promise<void> {
    this.#endBlock();
    await this.#before;
  }

  #endBlock(): void {
    const [block, used, pending] = [this.#block, this.#used, this.#pending];
    if (!block) return;
    this.#block = undefined;
    this.#used = 0;
    this.#clearEnd = 0;
    this.#pending = undefined;
    if (pending || this.#before) this.#putLater(block, used, pending);
    else this.#sink.put(block, used);
  }

  #putLater(block: Buffer, used: number, pending: PendingFiles | undefined): void {
    const read = pending?.finish();
    // If it fails after something before it has, nobody is left to take its error.
    read?.catch(() => undefined);
    const before = this.#before;
    const put = async (): Promise<void> => {
      await before;
      await read;
      this.#sink.put(block, used);
      if (this.#before === done) this.#before = undefined;
    };
    const done = put();
    this.#before = done;
    done.catch(this.#failure.reject);
  }

  async #room(): Promise<Buffer> {
    if (this.#block) return this.#block;
    if (this.#pacer.isDue) await this.#pacer.rest();
    this.#pacer.check();
    const taken = this.#sink.take();
    // A block that could not be put does not come back.
    return (this.#block = taken instanceof Promise ? await Promise.race([taken, this.#failure.promise]) : taken);
  }

  /** Reads at most so many bytes to where the block is empty, and says how many. */
  #read(block: Buffer, fd: number, most: number, see: ((chunk: Uint8Array) => void) | undefined): number {
    const at = this.#used;
    const length = readSync(fd, block, at, Math.min(most, block.length - at), null);
    if (length === 0) return 0;
    see?.(block.subarray(at, at + length));
    this.#advance(block, length);
    return length;
  }

  #advance(block: Buffer, length: number): void {
    this.#used += length;
    this.#size += length;
    if (this.#used === block.length) this.#endBlock();
  }
}
