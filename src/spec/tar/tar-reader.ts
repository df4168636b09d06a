import { fromBytes } from '../byte-string.ts';
import { quote } from '../quote.ts';
import { ValueError } from '../value-error.ts';
import { ByteSource } from './byte-source.ts';
import { decodeTarHeader } from './decode-header.ts';
import type { TarHeader } from './decode-header.ts';
import { noXattrs, tarBlockSize, tarPadding, xattrPrefix } from './entry.ts';
import type { TarEntry } from './entry.ts';
import { parsePaxRecords } from './pax-records.ts';
import type { PaxRecords } from './pax-records.ts';

/** What an extended header or a long name may take; Go draws the same line. Bytes. */
const largestExtension = 1 << 20;

/** What came before a header and belongs to it. */
interface Extensions {
  records: PaxRecords | undefined;
  path: string | undefined;
  target: string | undefined;
}

/**
 * Reads the entries of a tar one after the other. Formats: ustar, PAX, GNU and what came before them, without sparse files.
 *
 * Everything throws a {@link ValueError} for what is not a tar, and what the source throws.
 */
export class TarReader {
  readonly #source: ByteSource;
  /** Bytes of the current entry that nobody has read, and the zeros after it. */
  #left = 0;
  #padding = 0;

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
      if (!(await this.#extend(header, extensions))) return this.#open(header, extensions);
    }
  }

  /** The content of the current entry, in chunks that are only good until the next is asked for. */
  async *content(): AsyncGenerator<Uint8Array, void> {
    while (this.#left > 0) {
      const chunk = await this.#source.readSome(this.#left);
      this.#left -= chunk.length;
      yield chunk;
    }
  }

  /** All of the content of the current entry, at most `limit` bytes. */
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

  #open(header: TarHeader, extensions: Extensions): TarEntry {
    const entry = toEntry(header, extensions);
    const hasContent = entry.kind === 'file';
    this.#left = hasContent ? entry.size : 0;
    this.#padding = hasContent ? tarPadding(entry.size) : 0;
    return entry;
  }
}

function untilNull(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return fromBytes(end < 0 ? bytes : bytes.subarray(0, end));
}

const typeNames = {
  '1': 'hard-link',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
} as const;

function toEntry(header: TarHeader, { records, path, target }: Extensions): TarEntry {
  const name = textRecord(records, 'path') ?? path ?? header.name;
  if (name.includes('\0')) throw new ValueError(`invalid name ${quote(name)} in a tar`);
  const base = {
    path: withoutEndSlashes(name),
    mode: header.mode & 0o7777,
    uid: numberRecord(records, 'uid') ?? header.uid,
    gid: numberRecord(records, 'gid') ?? header.gid,
    mtimeNs: timeRecord(records) ?? BigInt(header.mtime) * 1_000_000_000n,
    xattrs: xattrsOf(records),
  };
  const { type, major, minor } = header;
  if (type === '0' || type === '7') {
    // Before there was a type for directories, they were files with a slash.
    if (name.endsWith('/')) return { kind: 'directory', ...base };
    const isSparse = records !== undefined && [...records.keys()].some((key) => key.startsWith('GNU.sparse.'));
    if (isSparse) throw new ValueError(`sparse file ${quote(name)} in a tar is not supported`);
    return { kind: 'file', ...base, size: numberRecord(records, 'size') ?? header.size };
  }
  if (!isTypeName(type)) throw new ValueError(`unsupported type ${quote(type)} of ${quote(name)} in a tar`);
  const kind = typeNames[type];
  switch (kind) {
    case 'symlink':
    case 'hard-link':
      return { kind, ...base, target: textRecord(records, 'linkpath') ?? target ?? header.target };
    case 'character-device':
    case 'block-device':
      return { kind, ...base, major, minor };
    case 'directory':
    case 'fifo':
      return { kind, ...base };
  }
}

/** Of the root, one stays. */
function withoutEndSlashes(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === '/') end--;
  return path.slice(0, end);
}

function isTypeName(type: string): type is keyof typeof typeNames {
  return Object.hasOwn(typeNames, type);
}

/** An empty record takes back what the header says; so does none. */
function record(records: PaxRecords | undefined, key: string): Uint8Array | undefined {
  const value = records?.get(key);
  return value?.length === 0 ? undefined : value;
}

function textRecord(records: PaxRecords | undefined, key: string): string | undefined {
  const value = record(records, key);
  return value && fromBytes(value);
}

function numberRecord(records: PaxRecords | undefined, key: string): number | undefined {
  const text = textRecord(records, key);
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw new ValueError(`invalid ${key} ${quote(text)} in a tar`);
  return Number(text);
}

/** Decimal seconds, possibly with a fraction, possibly negative. */
function timeRecord(records: PaxRecords | undefined): bigint | undefined {
  const text = textRecord(records, 'mtime');
  if (text === undefined) return undefined;
  const match = /^(-?)(\d{1,12})(?:\.(\d*))?$/.exec(text);
  if (!match) throw new ValueError(`invalid mtime ${quote(text)} in a tar`);
  const [, sign, seconds = '', fraction = ''] = match;
  const nanoseconds = BigInt(seconds + fraction.padEnd(9, '0').slice(0, 9));
  return sign === '-' ? -nanoseconds : nanoseconds;
}

function xattrsOf(records: PaxRecords | undefined): ReadonlyMap<string, Uint8Array> {
  if (!records) return noXattrs;
  const xattrs = new Map<string, Uint8Array>();
  for (const [key, value] of records) {
    if (key.startsWith(xattrPrefix)) xattrs.set(key.slice(xattrPrefix.length), value);
  }
  return xattrs.size === 0 ? noXattrs : xattrs;
}
