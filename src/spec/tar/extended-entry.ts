import { fromBytes } from '../byte-string.ts';
import { quote } from '../quote.ts';
import { ValueError } from '../value-error.ts';
import type { TarHeader } from './decode-header.ts';
import { noXattrs, xattrPrefix } from './entry.ts';
import type { TarEntry } from './entry.ts';
import type { PaxRecords } from './pax-records.ts';

/** What came before a header and belongs to it. */
export interface Extensions {
  records: PaxRecords | undefined;
  path: string | undefined;
  target: string | undefined;
}

const typeNames = {
  '1': 'hard-link',
  '2': 'symlink',
  '3': 'character-device',
  '4': 'block-device',
  '5': 'directory',
  '6': 'fifo',
} as const;

/** What a header and its extensions say. Throws a {@link ValueError}. */
export function toEntry(header: TarHeader, { records, path, target }: Extensions): TarEntry {
  const name = textRecord(records, 'GNU.sparse.name') ?? textRecord(records, 'path') ?? path ?? header.name;
  if (name.includes('\0')) throw new ValueError(`invalid name ${quote(name)} in a tar`);
  const base = {
    path: withoutEndSlashes(name),
    mode: header.mode & 0o7777,
    uid: ownerId(numberRecord(records, 'uid') ?? header.uid, name),
    gid: ownerId(numberRecord(records, 'gid') ?? header.gid, name),
    mtimeNs: timeRecord(records) ?? BigInt(header.mtime) * 1_000_000_000n,
    xattrs: xattrsOf(records),
  };
  const { type, major, minor } = header;
  if (type === '0' || type === '7') {
    // Before there was a type for directories, they were files with a slash.
    if (name.endsWith('/')) return { kind: 'directory', ...base };
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
      if (!(major >= 0 && major < 1 << 12 && minor >= 0 && minor < 1 << 20)) {
        throw new ValueError(`invalid device ${major}:${minor} of ${quote(name)} in a tar`);
      }
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

/** Ids have 32 bits; -2 for "nobody" is an old custom. */
function ownerId(id: number, name: string): number {
  if (id >= -(2 ** 31) && id < 2 ** 32) return id >>> 0;
  throw new ValueError(`invalid owner ${id} of ${quote(name)} in a tar`);
}

function isTypeName(type: string): type is keyof typeof typeNames {
  return Object.hasOwn(typeNames, type);
}

/** An empty record takes back what the header says; so does none. */
function record(records: PaxRecords | undefined, key: string): Uint8Array | undefined {
  const value = records?.get(key);
  return value?.length === 0 ? undefined : value;
}

/** The value of a record; an empty one counts as missing. */
export function textRecord(records: PaxRecords | undefined, key: string): string | undefined {
  const value = record(records, key);
  return value && fromBytes(value);
}

/** Throws a {@link ValueError} if it is no whole number. */
export function numberRecord(records: PaxRecords | undefined, key: string): number | undefined {
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
