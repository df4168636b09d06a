import { fstatSync, readSync } from 'node:fs';
import { ValueError } from '../../spec/value-error.ts';

/** A frame of a zstd file: bytes from `start` up to, but not including `end`. */
export interface ZstdFrame {
  readonly start: number;
  readonly end: number;
}

const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;

/**
 * The frames of an open zstd file that have content, one after the other; Node decompresses only the first. Blocks.
 *
 * Throws a {@link ValueError} for what is not zstd or is cut off.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8878#section-3.1
 */
export function* zstdFrames(file: number): Generator<ZstdFrame> {
  const header = Buffer.alloc(8);
  const { size } = fstatSync(file);
  for (let start = 0; ;) {
    const length = readSync(file, header, 0, header.length, start);
    if (length === 0) return;
    if (length < header.length) throw cutOff();
    const magic = header.readUInt32LE(0);
    if ((magic & 0xfffffff0) >>> 0 === skippableMagic) {
      start += header.length + header.readUInt32LE(4);
      continue;
    }
    if (magic !== frameMagic) throw new ValueError('invalid zstd data');
    const end = frameEnd(file, start, header[4] ?? 0);
    yield { start, end: end ?? size };
    // What there is of the last frame was of use for finding out what the file is.
    if (end === undefined || end > size) throw cutOff();
    start = end;
  }
}

/** Hops from block to block; undefined if the file ends before. */
function frameEnd(file: number, start: number, flags: number): number | undefined {
  const header = Buffer.alloc(3);
  let at = start + 5 + headerLength(flags);
  for (let isLast = false; !isLast;) {
    if (readSync(file, header, 0, header.length, at) < header.length) return undefined;
    const word = header.readUIntLE(0, 3);
    isLast = (word & 1) === 1;
    const isRepeated = ((word >> 1) & 3) === 1;
    at += header.length + (isRepeated ? 1 : word >> 3);
  }
  const hasChecksum = (flags & 4) !== 0;
  return at + (hasChecksum ? 4 : 0);
}

/** What follows the descriptor: window, dictionary and content size, each of a length that flags tell. */
function headerLength(flags: number): number {
  const isSingleSegment = (flags & 0x20) !== 0;
  const window = isSingleSegment ? 0 : 1;
  const dictionary = [0, 1, 2, 4][flags & 3] ?? 0;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  return window + dictionary + contentSize;
}

function cutOff(): ValueError {
  return new ValueError('unexpected end of zstd data');
}
