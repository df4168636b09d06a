import { toBytes } from '../byte-string.ts';
import { tarBlockSize, tarPadding, xattrPrefix } from './entry.ts';
import type { TarEntry } from './entry.ts';
import { formatPaxRecords } from './pax-records.ts';

/**
 * The header of an entry: a ustar block, after an extended header where ustar is not enough. A function of the entry and
 * nothing else. Times are whole seconds, rounded down, as containerd writes them; names of users and groups are empty.
 *
 * @see https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 */
export function encodeTarHeader(entry: TarEntry): Uint8Array {
  const path = toBytes(pathOf(entry));
  const target = 'target' in entry ? toBytes(entry.target) : noBytes;
  const seconds = floorSeconds(entry.mtimeNs);
  const records = new Map<string, Uint8Array>();
  const name = splitName(path);
  if (!name) records.set('path', path);
  if (target.length > fields.target.length || !isAscii(target)) records.set('linkpath', target);
  const fitting = (key: 'size' | 'uid' | 'gid' | 'mtime', value: number | bigint): number => {
    if (fits(value, limits[key])) return Number(value);
    records.set(key, toBytes(String(value)));
    return 0;
  };
  const numbers = {
    size: fitting('size', sizeOf(entry)),
    uid: fitting('uid', entry.uid),
    gid: fitting('gid', entry.gid),
    mtime: fitting('mtime', seconds),
  };
  for (const [key, value] of entry.xattrs) records.set(xattrPrefix + key, value);

  const block = new Uint8Array(tarBlockSize);
  put(block, fields.name, name?.name ?? asciiOnly(path, fields.name.length));
  put(block, fields.prefix, name?.prefix ?? noBytes);
  put(block, fields.target, records.has('linkpath') ? asciiOnly(target, fields.target.length) : target);
  putNumbers(block, entry, numbers);
  seal(block);
  return records.size === 0 ? block : withRecords(block, path, formatPaxRecords(records));
}

/**
 * The header of an entry, if it is a short one, as most are: the bytes change with the next. Takes a fraction of the time that
 * {@link encodeTarHeader} does.
 */
export function encodeShortHeader(entry: TarEntry): Uint8Array | undefined {
  if ('target' in entry || entry.xattrs.size > 0) return undefined;
  const path = pathOf(entry);
  const nameSum = path.length > fields.name.length ? undefined : asciiSum(path);
  if (nameSum === undefined) return undefined;
  const { uid, gid } = entry;
  const size = sizeOf(entry);
  const seconds = floorSeconds(entry.mtimeNs);
  if (!fits(size, limits.size) || !fits(seconds, limits.mtime)) return undefined;
  if (!fits(uid, limits.uid) || !fits(gid, limits.gid)) return undefined;
  for (let at = 0; at < path.length; at++) shortHeader[at] = path.charCodeAt(at);
  for (let at = path.length; at < shortNameLength; at++) shortHeader[at] = 0;
  shortNameLength = path.length;
  const sum = nameSum + putNumbers(shortHeader, entry, { size, uid, gid, mtime: Number(seconds) });
  putSum(shortHeader, emptyHeaderSum + sum);
  return shortHeader;
}

/** The sum of the characters of a text, if all of them are ASCII. */
function asciiSum(text: string): number | undefined {
  let sum = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 0x80) return undefined;
    sum += code;
  }
  return sum;
}

/** What ustar has room for. */
const limits = { size: 0o77777777777, uid: 0o7777777, gid: 0o7777777, mtime: 0o77777777777 } as const;

function fits(value: number | bigint, limit: number): boolean {
  return value >= 0 && value <= limit;
}

function pathOf({ kind, path }: TarEntry): string {
  return kind === 'directory' ? `${path}/` : path;
}

function sizeOf(entry: TarEntry): number {
  return entry.kind === 'file' ? entry.size : 0;
}

/** All but the names and the sum over all; returns the sum of these. */
function putNumbers(
  block: Uint8Array,
  entry: TarEntry,
  {
    size,
    uid,
    gid,
    mtime,
  }: { readonly size: number; readonly uid: number; readonly gid: number; readonly mtime: number },
): number {
  const typeFlag = typeFlags[entry.kind];
  block[typeFlagOffset] = typeFlag;
  return (
    typeFlag +
    putOctal(block, fields.mode, entry.mode) +
    putOctal(block, fields.uid, uid) +
    putOctal(block, fields.gid, gid) +
    putOctal(block, fields.size, size) +
    putOctal(block, fields.mtime, mtime) +
    putOctal(block, fields.major, 'major' in entry ? entry.major : 0) +
    putOctal(block, fields.minor, 'minor' in entry ? entry.minor : 0)
  );
}

interface Field {
  readonly offset: number;
  readonly length: number;
}

const fields = {
  name: { offset: 0, length: 100 },
  mode: { offset: 100, length: 8 },
  uid: { offset: 108, length: 8 },
  gid: { offset: 116, length: 8 },
  size: { offset: 124, length: 12 },
  mtime: { offset: 136, length: 12 },
  checksum: { offset: 148, length: 8 },
  target: { offset: 157, length: 100 },
  magic: { offset: 257, length: 8 },
  major: { offset: 329, length: 8 },
  minor: { offset: 337, length: 8 },
  prefix: { offset: 345, length: 155 },
} as const satisfies Record<string, Field>;

const typeFlagOffset = 156;
/** The digits of ustar. */
const typeFlags = {
  file: 0x30,
  'hard-link': 0x31,
  symlink: 0x32,
  'character-device': 0x33,
  'block-device': 0x34,
  directory: 0x35,
  fifo: 0x36,
} as const satisfies Record<TarEntry['kind'], number>;
/** `x` */
const extendedFlag = 0x78;

const noBytes = new Uint8Array();
const slash = 0x2f;
const space = 0x20;
const magic = toBytes('ustar\x0000');

/** The short header that was written last. What all have is in it, and what is not a name every one writes anew. */
const shortHeader = new Uint8Array(tarBlockSize);
put(shortHeader, fields.magic, magic);
let shortNameLength = 0;
/** The sum of what all headers of ustar have, with spaces in place of the sum. */
const emptyHeaderSum = fields.checksum.length * space + magic.reduce((sum, byte) => sum + byte, 0);

/** The block of the extended header, its records, then the block itself. */
function withRecords(block: Uint8Array, path: Uint8Array, records: Uint8Array): Uint8Array {
  const header = new Uint8Array(tarBlockSize);
  put(header, fields.name, paxName(path));
  for (const field of [fields.mode, fields.uid, fields.gid, fields.mtime, fields.major, fields.minor]) {
    putOctal(header, field, 0);
  }
  putOctal(header, fields.size, records.length);
  header[typeFlagOffset] = extendedFlag;
  seal(header);
  const at = tarBlockSize + records.length + tarPadding(records.length);
  const bytes = new Uint8Array(at + tarBlockSize);
  bytes.set(header);
  bytes.set(records, tarBlockSize);
  bytes.set(block, at);
  return bytes;
}

/** A name that readers without PAX unpack to a file of its own. */
function paxName(path: Uint8Array): Uint8Array {
  const text = String.fromCharCode(...asciiOnly(path, 2 * fields.prefix.length)).replace(/\/+$/, '');
  const slashAt = text.lastIndexOf('/') + 1;
  return toBytes(`${text.slice(0, slashAt)}PaxHeaders.0/${text.slice(slashAt)}`.slice(-fields.name.length));
}

/** Name and prefix, if the path fits into them. */
function splitName(path: Uint8Array): { readonly name: Uint8Array; readonly prefix: Uint8Array } | undefined {
  if (!isAscii(path)) return undefined;
  if (path.length <= fields.name.length) return { name: path, prefix: noBytes };
  if (path.length > fields.prefix.length + 1 + fields.name.length) return undefined;
  // The slash of a directory belongs to the name.
  const at = path.lastIndexOf(slash, Math.min(fields.prefix.length, path.length - 2));
  if (at <= 0 || path.length - at - 1 > fields.name.length) return undefined;
  return { name: path.subarray(at + 1), prefix: path.subarray(0, at) };
}

function isAscii(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte >= 0x80) return false;
  return true;
}

function asciiOnly(bytes: Uint8Array, length: number): Uint8Array {
  return bytes.filter((byte) => byte < 0x80).subarray(0, length);
}

function floorSeconds(nanoseconds: bigint): bigint {
  const seconds = nanoseconds / 1_000_000_000n;
  if (nanoseconds >= 0n) return seconds;
  return seconds * 1_000_000_000n > nanoseconds ? seconds - 1n : seconds;
}

function put(block: Uint8Array, field: Field, bytes: Uint8Array): void {
  block.set(bytes, field.offset);
}

/** Returns the sum of what it puts. */
function putOctal(block: Uint8Array, { offset, length }: Field, value: number): number {
  let at = offset + length - 2;
  let rest = value;
  let sum = (length - 1) * 0x30;
  for (; rest > 0x7fff_ffff; rest = Math.floor(rest / 8)) {
    sum += rest % 8;
    block[at--] = 0x30 + (rest % 8);
  }
  for (; at >= offset; rest >>= 3) {
    sum += rest & 7;
    block[at--] = 0x30 + (rest & 7);
  }
  return sum;
}

/** Magic, and last the sum over all of it. */
function seal(block: Uint8Array): void {
  put(block, fields.magic, magic);
  let sum = fields.checksum.length * space;
  for (const byte of block) sum += byte;
  putSum(block, sum);
}

function putSum(block: Uint8Array, sum: number): void {
  putOctal(block, { offset: fields.checksum.offset, length: fields.checksum.length - 1 }, sum);
  block[fields.checksum.offset + fields.checksum.length - 1] = space;
}
