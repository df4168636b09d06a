import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip, createZstdDecompress } from 'node:zlib';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { isSystemError } from '../../system/system-error.ts';
import { fsPath } from '../binary-path.ts';
import { readBzip2 } from './bzip2.ts';
import { detectCompression, magicLength, type Compression } from './compression.ts';
import { readXz } from './xz.ts';
import { zstdFrames } from './zstd-frames.ts';

const chunkSize = 256 * 1024;

/**
 * The bytes of a file, decompressed if it begins like a compressed one. Chunks are only good until the next is asked for.
 *
 * Errors of decompression are a `ValueError`, or have a `code` of zlib or zstd; or a KilnError `files/unsupported-zstd`,
 * `files/unsupported-xz`.
 *
 * @param hostPath binary.
 */
export function readArchive(hostPath: string): AsyncIterable<Uint8Array> {
  switch (compressionOf(hostPath)) {
    case 'none':
      return readFile(hostPath);
    case 'gzip':
      return through(readFile(hostPath), createGunzip({ chunkSize }));
    case 'xz':
      return readXz(readFile(hostPath));
    case 'zstd':
      return whileOpen(hostPath, async function* (file) {
        for (const { start, end } of zstdFrames(file)) {
          const frame = createReadStream(fsPath(hostPath), { highWaterMark: chunkSize, start, end: end - 1 });
          yield* explained(through(frame, createZstdDecompress({ chunkSize })));
        }
      });
    case 'bzip2':
      return whileOpen(hostPath, async function* (file) {
        for (const chunk of readBzip2(file)) {
          yield chunk;
          await setImmediate();
        }
      });
  }
}

/** Says what is not done of what could be: the window has to be kept in memory. */
async function* explained(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  try {
    yield* content;
  } catch (cause) {
    if (!isSystemError(cause, 'ZSTD_error_frameParameter_windowTooLarge')) throw cause;
    throw new KilnError('files/unsupported-zstd', 'cannot unpack zstd data: its window is larger than 128 MiB', {
      cause,
      hint: 'pack it again with "zstd --long=27", or less',
    });
  }
}

function compressionOf(hostPath: string): Compression {
  const file = openSync(fsPath(hostPath), 'r');
  try {
    const start = Buffer.alloc(magicLength);
    return detectCompression(start.subarray(0, readSync(file, start)));
  } finally {
    closeSync(file);
  }
}

function readFile(hostPath: string): Readable {
  return createReadStream(fsPath(hostPath), { highWaterMark: chunkSize });
}

function through(file: Readable, decompressor: Transform): AsyncIterable<Uint8Array> {
  // Errors come out of the last stream, and destroying that destroys the first.
  return pipeline(file, decompressor, () => undefined);
}

async function* whileOpen(
  hostPath: string,
  read: (file: number) => AsyncGenerator<Uint8Array>,
): AsyncGenerator<Uint8Array, void> {
  const file = openSync(fsPath(hostPath), 'r');
  try {
    yield* read(file);
  } finally {
    closeSync(file);
  }
}
