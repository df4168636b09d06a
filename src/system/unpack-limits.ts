import { KilnError } from '../diagnostic/kiln-error.ts';
import { quote } from '../spec/quote.ts';

/** What one archive may come to when it is unpacked: a file of a few megabytes can hold more than any disk. */
export interface UnpackLimits {
  /** Of all its files together, holes of sparse files included. Bytes. */
  readonly bytes: number;
  /** How many times as long it may be as it is packed. Counts from {@link ratioFloor} on. */
  readonly ratio: number;
  /** Files and directories, those that are made for others to be in included. */
  readonly entries: number;
}

/** More than any image that is meant well has in a layer. */
export const defaultUnpackLimits: UnpackLimits = { bytes: 2 ** 38, ratio: 200, entries: 5_000_000 };

/** What is this short does no harm, however well it was packed; and files of zeros do exist. Bytes. */
export const ratioFloor = 2 ** 32;

const variables = { bytes: 'KILN_UNPACK_BYTES', ratio: 'KILN_UNPACK_RATIO', entries: 'KILN_UNPACK_ENTRIES' } as const;
const multiples: Readonly<Record<string, number>> = { '': 0, k: 10, m: 20, g: 30, t: 40 };

/**
 * The limits that an environment sets: numbers, with `k`, `m`, `g` or `t` for powers of 1024; 0 for none.
 *
 * Throws KilnError `system/unpack-limit-value`.
 */
export function readUnpackLimits(env: Readonly<Record<string, string | undefined>>): UnpackLimits {
  const read = (kind: keyof UnpackLimits): number => {
    const text = env[variables[kind]] ?? '';
    if (text === '') return defaultUnpackLimits[kind];
    const [, digits, multiple = ''] = /^(\d{1,15})([kmgt]?)b?$/i.exec(text) ?? [];
    if (digits === undefined) {
      const hint = 'it is a number, such as 500000 or 64g; 0 for no limit';
      throw new KilnError('system/unpack-limit-value', `invalid ${variables[kind]} ${quote(text)}`, { hint });
    }
    return Number(digits) * 2 ** (multiples[multiple.toLowerCase()] ?? 0) || Infinity;
  };
  return { bytes: read('bytes'), ratio: read('ratio'), entries: read('entries') };
}

/** Counts what comes out of one archive. Everything throws KilnError `system/unpack-limit` where a limit is passed. */
export class UnpackMeter {
  readonly #limits: UnpackLimits;
  /** Of the whole archive, if it is known. */
  readonly #packedSize: number | undefined;
  #packed = 0;
  #unpacked = 0;
  #stored = 0;
  #bytes = 0;
  #entries = 0;

  /** @param packedSize bytes of the archive; if it is absent, all that is read of it has to be counted */
  constructor(limits: UnpackLimits = defaultUnpackLimits, packedSize?: number) {
    this.#limits = limits;
    this.#packedSize = packedSize;
  }

  /** Counts what is read of the archive. */
  async *packed(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of chunks) {
      this.addPacked(chunk.length);
      yield chunk;
    }
  }

  /** The same for what is read elsewhere. */
  addPacked(size: number): void {
    this.#packed += size;
  }

  /** Counts what comes out of the decompressor. */
  async *unpacked(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
    for await (const chunk of chunks) {
      this.#unpacked += chunk.length;
      this.#checkRatio(this.#unpacked, this.#packedSize ?? this.#packed);
      yield chunk;
    }
  }

  /** Counts an entry before it is made. Of a file, `size` is its length and `stored` what the archive has of it, in bytes. */
  entry(size = 0, stored = 0): void {
    const { entries, bytes } = this.#limits;
    this.#entries += 1;
    if (this.#entries > entries) throw passed(`it has more than ${entries} files and directories`, 'entries');
    this.#bytes += size;
    if (this.#bytes > bytes) throw passed(`it has files of more than ${bytes} bytes`, 'bytes');
    this.#stored += stored;
    // What says that it is too long need not be written first.
    if (this.#packedSize !== undefined) this.#checkRatio(this.#stored, this.#packedSize);
  }

  #checkRatio(size: number, packed: number): void {
    const { ratio } = this.#limits;
    if (size > ratioFloor && size > packed * ratio)
      throw passed(`it is more than ${ratio} times as long as it is packed`, 'ratio');
  }
}

function passed(what: string, limit: keyof UnpackLimits): KilnError {
  return new KilnError('system/unpack-limit', `the archive is not unpacked: ${what}`, {
    hint: `if it is meant well, set ${variables[limit]} to a higher limit, or to 0 for none`,
  });
}
