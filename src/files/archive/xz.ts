import type { Readable } from 'node:stream';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { ValueError } from '../../spec/value-error.ts';

/** What the decoder, xz-embedded, does not do, by the number in its message. */
const limits: Readonly<Record<string, string>> = {
  3: 'there is not enough memory',
  4: 'its dictionary is larger than 64 MiB',
  6: 'it has a filter or a checksum that Kiln does not know',
};

/**
 * Unpacks an xz stream. Throws a `ValueError` for what is none or is damaged.
 *
 * @throws KilnError `files/unsupported-xz` for one of a rare kind.
 */
export async function* readXz(file: Readable): AsyncGenerator<Uint8Array, void> {
  // The decoder is WebAssembly, which takes a while to load.
  const { XzReadableStream } = (await import('xz-decompress')).default;
  try {
    yield* chunksOf(new XzReadableStream(streamOf(file)));
  } catch (error) {
    if (file.errored !== null || !(error instanceof Error)) throw error;
    const number = /error code (\d+)/.exec(error.message)?.[1];
    if (number === undefined) throw error;
    const limit = limits[number];
    if (limit === undefined) throw new ValueError('the xz data is damaged or not complete');
    throw new KilnError('files/unsupported-xz', `cannot unpack xz data: ${limit}`, {
      cause: error,
      hint: 'pack it again with "xz --check=crc64", or with gzip or zstd',
    });
  } finally {
    file.destroy();
  }
}

/** Readable.toWeb would go on to read when nobody wants more, and then fail where nobody can catch it. */
function streamOf(file: Readable): ReadableStream<Uint8Array> {
  const chunks: AsyncIterator<Uint8Array, void> = file[Symbol.asyncIterator]();
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      const next = await chunks.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
  });
}

/** Reads a stream, or as much of it as is wanted. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const reader = stream.getReader();
  let isAtEnd = false;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      isAtEnd = done;
      if (done) return;
      yield value;
    }
  } finally {
    // The decoder may have come to its end before us, and fails to end again then.
    if (!isAtEnd) await reader.cancel().catch(() => undefined);
  }
}
