import { ValueError } from '../value-error.ts';

/** Chunks of any size, read in the sizes that a format has. */
export class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array();
  #at = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  /**
   * So many bytes. With `end`, undefined if there is nothing left, and what is returned is only good until the next call;
   * with `copy` it stays. Throws a {@link ValueError} if the source ends before.
   */
  async read(size: number, how: 'end' | 'copy'): Promise<Uint8Array | undefined> {
    if (how === 'end') {
      if (this.#chunk.length - this.#at >= size) return this.#take(size);
      if (!(await this.#fill())) return undefined;
      if (this.#chunk.length - this.#at >= size) return this.#take(size);
    }
    const bytes = new Uint8Array(size);
    for (let filled = 0; filled < size;) {
      const part = await this.readSome(size - filled);
      bytes.set(part, filled);
      filled += part.length;
    }
    return bytes;
  }

  /** At least one byte, at most so many; only good until the next call. */
  async readSome(most: number): Promise<Uint8Array> {
    if (!(await this.#fill())) throw new ValueError('unexpected end of archive');
    return this.#take(Math.min(most, this.#chunk.length - this.#at));
  }

  async skip(size: number): Promise<void> {
    for (let left = size; left > 0;) left -= (await this.readSome(left)).length;
  }

  /** Reads to the end. */
  async drain(): Promise<void> {
    while (await this.#fill()) this.#at = this.#chunk.length;
  }

  #take(size: number): Uint8Array {
    return this.#chunk.subarray(this.#at, (this.#at += size));
  }

  /** Whether there is at least one byte. */
  async #fill(): Promise<boolean> {
    while (this.#at === this.#chunk.length) {
      const next = await this.#chunks.next();
      if (next.done === true) return false;
      this.#chunk = next.value;
      this.#at = 0;
    }
    return true;
  }
}
