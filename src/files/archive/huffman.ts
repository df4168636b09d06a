import { ValueError } from '../../spec/value-error.ts';
import type { BitReader } from './bit-reader.ts';

const longest = 20;

/** A canonical Huffman code: codes of one length are consecutive, shorter ones come first. */
export class HuffmanCode {
  /** By length: the first code that is longer; below it, a code of that length is whole. */
  readonly #limits = new Int32Array(longest + 2);
  /** By length: what to add to a code to get its place among the symbols. */
  readonly #offsets = new Int32Array(longest + 2);
  /** Ordered by code. */
  readonly #symbols: Uint16Array;
  readonly #shortest: number;

  /** @param lengths of the codes, in bits, by symbol: 1 to 20. */
  constructor(lengths: Uint8Array) {
    const order = Array.from(lengths.keys()).sort((a, b) => (lengths[a] ?? 0) - (lengths[b] ?? 0) || a - b);
    this.#symbols = Uint16Array.from(order);
    this.#shortest = lengths[order[0] ?? 0] ?? 1;
    let code = 0;
    let place = 0;
    for (let length = 1; length <= longest; length++) {
      code <<= 1;
      this.#offsets[length] = place - code;
      while (place < order.length && lengths[order[place] ?? 0] === length) {
        code++;
        place++;
      }
      this.#limits[length] = code;
    }
  }

  read(bits: BitReader): number {
    let code = bits.take(this.#shortest);
    for (let length = this.#shortest; length <= longest; length++) {
      if (code < (this.#limits[length] ?? 0)) {
        const symbol = this.#symbols[code + (this.#offsets[length] ?? 0)];
        if (symbol !== undefined) return symbol;
        break;
      }
      code = (code << 1) | bits.take(1);
    }
    throw new ValueError('invalid code in bzip2 data');
  }
}
