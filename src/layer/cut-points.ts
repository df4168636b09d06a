import { tarBlockSize } from '../spec/tar/entry.ts';
import { blockSize } from './spare-blocks.ts';

/** How long what is compressed as one is, in bytes. */
const [least, most] = [blockSize / 2, blockSize];

const magic = 0x61747375; // "usta"
const magicOffset = 257;
/** The last two of the octal digits of the sum over a header. */
const sumOffset = 152;
const zeros = 0x3030;

/**
 * Where what is compressed as one ends: before a header of a tar whose sum says so, as that of one in 64 does, or where it is
 * long enough. It depends on the bytes since its beginning alone, so that behind a change everything is soon cut as it was.
 *
 * @param before bytes of it before `start`
 * @returns its end; undefined if that is not in these bytes
 */
export function findCut(bytes: Buffer, start: number, before: number): number | undefined {
  const end = start + most - before;
  const last = Math.min(end, bytes.length);
  for (let at = start + Math.max(least - before, 0); at < last; at += tarBlockSize) {
    if (isMarked(bytes, at)) return at;
  }
  return end <= bytes.length ? end : undefined;
}

function isMarked(bytes: Buffer, at: number): boolean {
  if (at + tarBlockSize > bytes.length) return false;
  return bytes.readUInt32LE(at + magicOffset) === magic && bytes.readUInt16LE(at + sumOffset) === zeros;
}
