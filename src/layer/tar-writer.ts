import { readSync } from 'node:fs';
import { encodeTarHeader } from '../spec/tar/encode-header.ts';
import { tarBlockSize, tarPadding } from '../spec/tar/entry.ts';
import type { TarEntry } from '../spec/tar/entry.ts';
import type { BlockSink } from './block-sink.ts';

/** Writes a tar into a sink. Files are read straight into the blocks that the sink gets. */
export class TarWriter {
  readonly #sink: BlockSink;
  #block: Buffer | undefined;
  #used = 0;
  #size = 0;

  constructor(sink: BlockSink) {
    this.#sink = sink;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** The header of an entry. The content of a file must follow: exactly its size, then {@link pad}. */
  async header(entry: TarEntry): Promise<void> {
    await this.write(encodeTarHeader(entry));
  }

  async write(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const block = await this.#room();
      const length = Math.min(bytes.length - at, block.length - this.#used);
      block.set(bytes.subarray(at, at + length), this.#used);
      this.#advance(block, length);
      at += length;
    }
  }

  /** Copies `size` bytes of an open file, which `see` is shown. Whether it had them. */
  async copyFile(fd: number, size: number, see?: (chunk: Uint8Array) => void): Promise<boolean> {
    for (let left = size; left > 0;) {
      const block = await this.#room();
      const length = readSync(fd, block, this.#used, Math.min(left, block.length - this.#used), null);
      if (length === 0) return false;
      see?.(block.subarray(this.#used, this.#used + length));
      this.#advance(block, length);
      left -= length;
    }
    return true;
  }

  /** The zeros after a content of `size` bytes. */
  async pad(size: number): Promise<void> {
    await this.#zeros(tarPadding(size));
  }

  /** Two blocks of zeros, and the last of the bytes go to the sink. */
  async finish(): Promise<void> {
    await this.#zeros(2 * tarBlockSize);
    if (this.#block) this.#sink.put(this.#block, this.#used);
    this.#block = undefined;
  }

  async #zeros(count: number): Promise<void> {
    for (let left = count; left > 0;) {
      const block = await this.#room();
      const length = Math.min(left, block.length - this.#used);
      block.fill(0, this.#used, this.#used + length);
      this.#advance(block, length);
      left -= length;
    }
  }

  async #room(): Promise<Buffer> {
    return (this.#block ??= await this.#sink.take());
  }

  #advance(block: Buffer, length: number): void {
    this.#used += length;
    this.#size += length;
    if (this.#used < block.length) return;
    this.#sink.put(block, this.#used);
    this.#block = undefined;
    this.#used = 0;
  }
}
