import { Readable } from 'node:stream';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import type { Compression } from '../spec/media-type.ts';
import { unzstd } from './unzstd.ts';

/** A stream that was looked into. */
export interface Decompressed {
  readonly compression: Compression;
  readonly content: AsyncIterable<Uint8Array>;
}

/** What is read of a compressed stream at a time, in bytes. */
const chunkSize = 1 << 18;
const magicLength = 4;

/**
 * The bytes of a stream that is compressed with gzip or zstd or not at all, which its first bytes tell. What is not valid is
 * thrown when it is read.
 */
export async function decompress(source: AsyncIterable<Uint8Array>): Promise<Decompressed> {
  const chunks = source[Symbol.asyncIterator]();
  let start: Uint8Array = new Uint8Array();
  while (start.length < magicLength) {
    const next = await chunks.next();
    if (next.done === true) break;
    start = start.length === 0 ? next.value : Buffer.concat([start, next.value]);
  }
  const compression = detectCompression(start);
  const whole = prepend(start, chunks);
  switch (compression) {
    case 'none':
      return { compression, content: whole };
    case 'zstd':
      return { compression, content: unzstd(whole) };
    case 'gzip': {
      const gunzip = createGunzip({ chunkSize });
      // An error of the source comes out of the end that is read.
      pipeline(Readable.from(whole, { objectMode: false }), gunzip, () => undefined);
      return { compression, content: gunzip as AsyncIterable<Uint8Array> };
    }
  }
}

/** How bytes are compressed that begin so. */
export function detectCompression(start: Uint8Array): Compression {
  if (start[0] === 0x1f && start[1] === 0x8b) return 'gzip';
  const isZstd = start[1] === 0xb5 && start[2] === 0x2f && start[3] === 0xfd && start[0] === 0x28;
  const isSkippable = ((start[0] ?? 0) & 0xf0) === 0x50 && start[1] === 0x2a && start[2] === 0x4d && start[3] === 0x18;
  return isZstd || isSkippable ? 'zstd' : 'none';
}

async function* prepend(start: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    if (start.length > 0) yield start;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
