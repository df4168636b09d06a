import { closeSync, constants, openSync, readSync } from 'node:fs';
import { KilnError } from '../diagnostic/kiln-error.ts';

/** A Dockerfile is text somebody wrote; anything larger is a mistake, and would not fit into memory many times over. */
const largest = 64 * 1024 * 1024;

const chunkSize = 64 * 1024;
const pause = new Int32Array(new SharedArrayBuffer(4));

/** All of a file, a pipe, or whatever a path leads to. Throws KilnError `engine/input-too-large`, and system errors. */
export function readPath(path: string): Uint8Array {
  // A pipe that nobody writes to is empty, instead of something to wait for.
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    return readDescriptor(descriptor, path);
  } finally {
    closeSync(descriptor);
  }
}

/** All that is left to read of a descriptor. Throws KilnError `engine/input-too-large`, and system errors. */
export function readDescriptor(descriptor: number, name: string): Uint8Array {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (let chunk = readChunk(descriptor); chunk.length > 0; chunk = readChunk(descriptor)) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > largest) throw tooLarge(name);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks, size);
}

/** All that a stream gives. Throws KilnError `engine/input-too-large`, and what the stream throws. */
export async function readStream(stream: AsyncIterable<Uint8Array>, name: string): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > largest) throw tooLarge(name);
  }
  return Buffer.concat(chunks, size);
}

function tooLarge(name: string): KilnError {
  return new KilnError('engine/input-too-large', `${name} is larger than 64 MiB`, {
    hint: 'is this really a Dockerfile?',
  });
}

/** Empty at the end. */
function readChunk(descriptor: number): Uint8Array {
  const chunk = Buffer.allocUnsafe(chunkSize);
  for (;;) {
    try {
      return chunk.subarray(0, readSync(descriptor, chunk));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 5); // the writer is not ready
    }
  }
}
