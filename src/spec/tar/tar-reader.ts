import { fromBytes } from '../byte-string.ts';
import { ValueError } from '../value-error.ts';
import { ByteSource } from './byte-source.ts';
import { decodeSparseHeader, decodeTarHeader } from './decode-header.ts';
import type { TarHeader } from './decode-header.ts';
import { tarBlockSize, tarPadding } from './entry.ts';
import type { TarEntry } from './entry.ts';
import { numberRecord, textRecord, toEntry, type Extensions } from './extended-entry.ts';
import { parsePaxRecords, sparseMapKey } from './pax-records.ts';
import type { PaxRecords } from './pax-records.ts';
import { decimals, sparseContent, type SparseContent } from './sparse-map.ts';

/** What an extended header or a long name may take; Go draws the same line. Bytes. */
const largestExtension = 1 << 20;

/** What a hole is read as. */
const zeros = new Uint8Array(1 << 16);

/** Whether a chunk of content is a part of a hole, which need not be written. */
export function isHole(chunk: Uint8Array): boolean {
  return chunk.buffer === zeros.buffer;
}

/**
 * Reads the entries of a tar one after the other. Formats: ustar, PAX, GNU and what came before them, sparse
 * files of all kinds included.
 *
 * Everything throws a {@link ValueError} for what is not a tar, and what the source throws.
 */
export class TarReader {
  readonly #source: ByteSource;
  /** Bytes of the current entry that nobody has read, and the zeros after it. */
  #left = 0;
  #padding = 0;
  /** Of the current entry, if it is sparse. */
  #sparse: SparseContent | undefined;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = new ByteSource(source);
  }

  /** The next entry; undefined at the end. Content of the one before that was not read is skipped. */
  async next(): Promise<TarEntry | undefined> {
    const extensions: Extensions = { records: undefined, path: undefined, target: undefined };
    for (;;) {
      await this.#skip();
      const block = await this.#source.read(tarBlockSize, 'end');
      const header = block && decodeTarHeader(block);
      if (!header) return undefined;
      if (header.size < 0) throw new ValueError('negative size in a tar header');
      if (header.type === 'S') return await this.#openOldSparse(header, extensions, block);
      if (!(await this.#extend(header, extensions))) return await this.#open(header, extensions);
    }
  }

  /** What the archive still has of the content of the current entry, in bytes; of a sparse file less than its size. */
  get storedSize(): number {
    return this.#left;
  }

  /** The content of the current entry, in chunks that are only good until the next is asked for. */
  async *content(): AsyncGenerator<Uint8Array, void> {
    const sparse = this.#sparse;
    if (!sparse) {
      yield* this.#stored(this.#left);
      return;
    }
    let at = 0;
    for (const { offset, size } of sparse.parts) {
      yield* hole(offset - at);
      yield* this.#stored(size);
      at = offset + size;
    }
    yield* hole(sparse.realSize - at);
  }

  async *#stored(size: number): AsyncGenerator<Uint8Array, void> {
    for (let left = size; left > 0;) {
      const chunk = await this.#source.readSome(left);
      left -= chunk.length;
      this.#left -= chunk.length;
      yield chunk;
    }
  }

  /** All of the content of the current entry, at most `limit` bytes; of a sparse file only what is stored. */
  async readAll(limit: number): Promise<Uint8Array> {
    if (this.#left > limit) throw new ValueError(`more than ${limit} bytes`);
    const bytes = await this.#source.read(this.#left, 'copy');
    this.#left = 0;
    return bytes ?? new Uint8Array();
  }

  /** Reads what follows the last entry, which a digest of the archive includes. */
  async drain(): Promise<void> {
    this.#left = 0;
    this.#padding = 0;
    await this.#source.drain();
  }

  async #skip(): Promise<void> {
    await this.#source.skip(this.#left + this.#padding);
    this.#left = 0;
    this.#padding = 0;
    this.#sparse = undefined;
  }

  /** Whether the header only says something about the next. */
  async #extend(header: TarHeader, extensions: Extensions): Promise<boolean> {
    const { type, size } = header;
    if (type !== 'x' && type !== 'g' && type !== 'L' && type !== 'K') return false;
    this.#left = size;
    this.#padding = tarPadding(size);
    const bytes = await this.readAll(largestExtension);
    if (type === 'x') extensions.records = parsePaxRecords(bytes);
    else if (type === 'L') extensions.path = untilNull(bytes);
    else if (type === 'K') extensions.target = untilNull(bytes);
    // Global records ('g') have no effect on images, in Go either.
    return true;
  }

  async #open(header: TarHeader, extensions: Extensions): Promise<TarEntry> {
    const entry = toEntry(header, extensions);
    if (entry.kind !== 'file') return entry;
    this.#left = entry.size;
    this.#padding = tarPadding(entry.size);
    this.#sparse = await this.#sparseContent(extensions.records);
    return this.#sparse ? { ...entry, size: this.#sparse.realSize } : entry;
  }

  /** GNU's own type, whose map is in the header and in blocks after it. */
  async #openOldSparse(header: TarHeader, extensions: Extensions, block: Uint8Array): Promise<TarEntry> {
    const { numbers, realSize, isContinued } = decodeSparseHeader(block, 'header');
    const map = [...numbers];
    for (let goesOn = isContinued; goesOn;) {
      const next = await this.#source.read(tarBlockSize, 'copy');
      const more = decodeSparseHeader(next ?? zeros, 'later');
      map.push(...more.numbers);
      goesOn = more.isContinued;
      if (map.length > largestExtension) throw new ValueError('the map of a sparse file is too large');
    }
    const entry = toEntry({ ...header, type: '0' }, extensions);
    if (entry.kind !== 'file') return entry;
    this.#left = entry.size;
    this.#padding = tarPadding(entry.size);
    this.#sparse = sparseContent(map, realSize, entry.size);
    return { ...entry, size: realSize };
  }

  /** What extended headers say of a sparse file; undefined if it is none. Versions 0.0, 0.1 and 1.0 of the format. */
  async #sparseContent(records: PaxRecords | undefined): Promise<SparseContent | undefined> {
    if (!records || ![...records.keys()].some((key) => key.startsWith('GNU.sparse.'))) return undefined;
    const version = `${textRecord(records, 'GNU.sparse.major') ?? ''}.${textRecord(records, 'GNU.sparse.minor') ?? ''}`;
    const realSize = numberRecord(records, 'GNU.sparse.realsize') ?? numberRecord(records, 'GNU.sparse.size');
    if (version === '1.0') {
      const map = await this.#mapInContent();
      return sparseContent(map, realSize ?? 0, this.#left);
    }
    const map = textRecord(records, sparseMapKey);
    // A version that is not known; or, without a map, a file that is all there or all zeros.
    if (!['.', '0.0', '0.1'].includes(version)) return undefined;
    if (map === undefined) return realSize === undefined ? undefined : sparseContent([], realSize, this.#left);
    return sparseContent(decimals(map.split(',')), realSize ?? 0, this.#left);
  }

  /** Lines at the beginning of the content, in whole blocks: how many parts there are, then where each begins and its size. */
  async #mapInContent(): Promise<readonly number[]> {
    const lines: string[] = [];
    let rest = '';
    do {
      if (this.#left < tarBlockSize || lines.length > largestExtension) {
        throw new ValueError('invalid map of a sparse file');
      }
      const block = await this.#source.read(tarBlockSize, 'copy');
      this.#left -= tarBlockSize;
      const parts = (rest + fromBytes(block ?? zeros)).split('\n');
      rest = parts.pop() ?? '';
      lines.push(...parts);
    } while (!(lines.length >= 1 + 2 * Number(lines[0])) && rest.length < tarBlockSize);
    const [count = 0, ...numbers] = decimals(lines.slice(0, 1 + 2 * Number(lines[0])));
    if (numbers.length !== 2 * count) throw new ValueError('invalid map of a sparse file');
    return numbers;
  }
}

function* hole(size: number): Generator<Uint8Array, void> {
  for (let left = size; left > 0; left -= zeros.length) yield zeros.subarray(0, Math.min(left, zeros.length));
}

function untilNull(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return fromBytes(end < 0 ? bytes : bytes.subarray(0, end));
}
