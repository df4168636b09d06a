import { fromBytes, toBytes } from '../byte-string.ts';
import { ValueError } from '../value-error.ts';

/** Records of an extended header by key. Values may be any bytes. */
export type PaxRecords = ReadonlyMap<string, Uint8Array>;

const space = 0x20;
const equals = 0x3d;
const newline = 0x0a;

/** A map of a sparse file, and the numbers of the oldest of its formats, which come one by one. */
export const sparseMapKey = 'GNU.sparse.map';
const sparseNumber = /^GNU\.sparse\.(offset|numbytes)$/;

/**
 * Reads an extended header: records `LENGTH KEY=VALUE\n`. The last of equal keys counts, but for the numbers of a sparse file,
 * which become a map. Throws a {@link ValueError}.
 */
export function parsePaxRecords(bytes: Uint8Array): PaxRecords {
  const records = new Map<string, Uint8Array>();
  const sparseNumbers: string[] = [];
  let at = 0;
  while (at < bytes.length && bytes[at] !== 0) {
    const afterLength = bytes.indexOf(space, at);
    const length = afterLength < 0 ? NaN : Number(asciiText(bytes.subarray(at, afterLength)));
    const end = at + length;
    const separator = bytes.indexOf(equals, afterLength);
    const isWhole = Number.isSafeInteger(length) && end <= bytes.length && bytes[end - 1] === newline;
    if (!isWhole || separator < 0 || separator >= end) throw new ValueError('invalid extended header');
    const key = fromBytes(bytes.subarray(afterLength + 1, separator));
    const value = bytes.slice(separator + 1, end - 1);
    if (sparseNumber.test(key)) sparseNumbers.push(fromBytes(value));
    else records.set(key, value);
    at = end;
  }
  if (sparseNumbers.length > 0) records.set(sparseMapKey, toBytes(sparseNumbers.join(',')));
  return records;
}

/** Digits only; anything else is no number. */
function asciiText(bytes: Uint8Array): string {
  return bytes.length > 0 && bytes.length < 16 && bytes.every((byte) => byte >= 0x30 && byte <= 0x39)
    ? String.fromCharCode(...bytes)
    : 'NaN';
}

/** The bytes of records, sorted by key. */
export function formatPaxRecords(records: PaxRecords): Uint8Array {
  const keys = [...records.keys()].sort();
  const parts = keys.map((key) => formatRecord(toBytes(key), records.get(key) ?? new Uint8Array()));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** The length counts its own digits. */
function formatRecord(key: Uint8Array, value: Uint8Array): Uint8Array {
  const rest = key.length + value.length + 3;
  let length = rest + String(rest).length;
  if (String(length).length !== String(rest).length) length = rest + String(length).length;
  const record = new Uint8Array(length);
  const prefix = `${length} `;
  for (let index = 0; index < prefix.length; index++) record[index] = prefix.charCodeAt(index);
  record.set(key, prefix.length);
  record[prefix.length + key.length] = equals;
  record.set(value, prefix.length + key.length + 1);
  record[length - 1] = newline;
  return record;
}
