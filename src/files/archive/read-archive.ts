import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { pipeline, type Readable, type Transform } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { createGunzip, createZstdDecompress, constants } from 'node:zlib';
import { fsPath } from '../binary-path.ts';
import { readBzip2 } from './bzip2.ts';
import { detectCompression, magicLength, type Compression } from './compression.ts';
import { readXz } from './xz.ts';

/**
 * The bytes of a file, decompressed if it begins like a compressed one. Chunks are only good until the next is asked for.
 *
 * Errors of decompression are a `ValueError` or have a `code`.
 *
 * @param hostPath binary.
 */
export function readArchive(hostPath: string): AsyncIterable<Uint8Array> {
  const compression = compressionOf(hostPath);
  if (compression === 'bzip2') return readWhole(hostPath);
  const file = createReadStream(fsPath(hostPath), { highWaterMark: 256 * 1024 });
  switch (compression) {
    case 'none':
      return file;
    case 'gzip':
      return through(file, createGunzip({ chunkSize: 256 * 1024 }));
    case 'zstd':
      return through(file, createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: 31 } }));
    case 'xz':
      return readXz(file);
  }
}

async function* readWhole(hostPath: string): AsyncGenerator<Uint8Array, void> {
  const file = openSync(fsPath(hostPath), 'r');
  try {
    for (const chunk of readBzip2(file)) {
      yield chunk;
      await setImmediate();
    }
  } finally {
    closeSync(file);
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

function through(file: Readable, decompressor: Transform): AsyncIterable<Uint8Array> {
  // Errors come out of the last stream, and destroying that destroys the first.
  return pipeline(file, decompressor, () => undefined);
}
