import { fromBytes } from '../byte-string.ts';
import { ValueError } from '../value-error.ts';

/** One header block, its fields as they are. */
export interface TarHeader {
  readonly name: string;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes that follow. */
  readonly size: number;
  /** Seconds since 1970. */
  readonly mtime: number;
  /** One character; a null byte is `0`. */
  readonly type: string;
  readonly target: string;
  readonly major: number;
  readonly minor: number;
}

/** Reads a block of 512 bytes; undefined if it is all zeros, which ends a tar. Throws a {@link ValueError}. */
export function decodeTarHeader(block: Uint8Array): TarHeader | undefined {
  if (!hasChecksum(block)) {
    if (block.every((byte) => byte === 0)) return undefined;
    throw new ValueError('invalid tar header');
  }
  const isPosix = text(block, 257, 6) === 'ustar' && block[262] === 0;
  const isUstar = isPosix || text(block, 257, 5) === 'ustar';
  const prefix = isPosix ? text(block, 345, 155) : '';
  const name = text(block, 0, 100);
  const flag = block[156] ?? 0;
  return {
    name: prefix === '' ? name : `${prefix}/${name}`,
    mode: number(block, 100, 8),
    uid: number(block, 108, 8),
    gid: number(block, 116, 8),
    size: number(block, 124, 12),
    mtime: number(block, 136, 12),
    type: flag === 0 ? '0' : String.fromCharCode(flag),
    target: text(block, 157, 100),
    major: isUstar ? number(block, 329, 8) : 0,
    minor: isUstar ? number(block, 337, 8) : 0,
  };
}

/** What a header of GNU's type `S`, or a block after it, has of the map of a sparse file. */
export interface SparseHeader {
  /** Offsets and sizes in turns. */
  readonly numbers: readonly number[];
  /** Another block of them follows. */
  readonly isContinued: boolean;
  /** Of the file, zeros included; nothing that a later block has. Bytes. */
  readonly realSize: number;
}

/** Throws a {@link ValueError}. */
export function decodeSparseHeader(block: Uint8Array, which: 'header' | 'later'): SparseHeader {
  const [start, pairs] = which === 'header' ? [386, 4] : [0, 21];
  const end = start + 24 * pairs;
  const numbers: number[] = [];
  for (let at = start; at < end && block[at] !== 0; at += 24) {
    numbers.push(number(block, at, 12), number(block, at + 12, 12));
  }
  const realSize = which === 'header' ? number(block, end + 1, 12) : 0;
  return { numbers, isContinued: block[end] !== 0, realSize };
}

/** Sums of signed bytes are accepted too, as old programs write them. */
function hasChecksum(block: Uint8Array): boolean {
  let sum = 0;
  let high = 0;
  for (let at = 0; at < block.length; at++) {
    const byte = at >= 148 && at < 156 ? 0x20 : (block[at] ?? 0);
    sum += byte;
    if (byte >= 0x80) high++;
  }
  const stated = octal(block, 148, 8);
  return stated !== 0 && (stated === sum || stated === sum - 256 * high);
}

/** Up to the first null byte. */
function text(block: Uint8Array, offset: number, length: number): string {
  let end = offset;
  let isAscii = true;
  while (end < offset + length && block[end] !== 0) {
    if ((block[end] ?? 0) >= 0x80) isAscii = false;
    end++;
  }
  const bytes = block.subarray(offset, end);
  return isAscii ? String.fromCharCode(...bytes) : fromBytes(bytes);
}

function number(block: Uint8Array, offset: number, length: number): number {
  const value = (block[offset] ?? 0) & 0x80 ? base256(block, offset, length) : octal(block, offset, length);
  if (!Number.isSafeInteger(value)) throw new ValueError('invalid number in a tar header');
  return value;
}

/** Octal digits between spaces and null bytes; NaN if it is something else. */
function octal(block: Uint8Array, offset: number, length: number): number {
  let value = 0;
  let at = offset;
  const end = offset + length;
  while (at < end && block[at] === 0x20) at++;
  for (; at < end; at++) {
    const digit = (block[at] ?? 0) - 0x30;
    if (digit < 0 || digit > 7) break;
    value = value * 8 + digit;
  }
  for (; at < end; at++) if (block[at] !== 0 && block[at] !== 0x20) return NaN;
  return value;
}

/** GNU's form of numbers that octal has no room for: the first bit marks it, the second is the sign. */
function base256(block: Uint8Array, offset: number, length: number): number {
  const isNegative = ((block[offset] ?? 0) & 0x40) !== 0;
  const mask = isNegative ? 0xff : 0;
  let value = 0;
  for (let at = offset; at < offset + length; at++) {
    const byte = (block[at] ?? 0) ^ mask;
    value = value * 256 + (at === offset ? byte & 0x3f : byte);
  }
  return isNegative ? -1 - value : value;
}
