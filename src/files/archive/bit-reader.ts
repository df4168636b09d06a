import { readSync } from 'node:fs';
import { ValueError } from '../../spec/value-error.ts';

const chunkSize = 64 * 1024;

/** Reads an open file bit by bit, the highest bit of a byte first. Blocks; the file stays open. */
export class BitReader {
  readonly #file: number;
  readonly #chunk = Buffer.allocUnsafeSlow(chunkSize);
  #length = 0;
  #at = 0;
  /** Bits that were read from the chunk, but not taken: the lower ones of a number. */
  #bits = 0;
  #count = 0;

  constructor(file: number) {
    this.#file = file;
  }

  /** Up to 24 bits. Throws a {@link ValueError} at the end. */
  take(count: number): number {
    while (this.#count < count) {
      this.#bits = ((this.#bits << 8) | this.#byte()) >>> 0;
      this.#count += 8;
    }
    this.#count -= count;
    return (this.#bits >>> this.#count) & ((1 << count) - 1);
  }

  /** Drops the rest of the current byte. */
  align(): void {
    this.#count -= this.#count % 8;
  }

  /** Whether nothing is left. */
  get isAtEnd(): boolean {
    return this.#count === 0 && this.#at === this.#length && !this.#fill();
  }

  #byte(): number {
    if (this.#at === this.#length && !this.#fill()) throw new ValueError('unexpected end of bzip2 data');
    return this.#chunk[this.#at++] ?? 0;
  }

  #fill(): boolean {
    this.#length = readSync(this.#file, this.#chunk, 0, chunkSize, null);
    this.#at = 0;
    return this.#length > 0;
  }
}
