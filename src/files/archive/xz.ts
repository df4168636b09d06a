import { Readable } from 'node:stream';
import { ValueError } from '../../spec/value-error.ts';

/** What the numbers in the messages of the decoder mean; it is xz-embedded, which has no more words for them. */
const reasons: Readonly<Record<string, string>> = {
  3: 'no memory',
  4: 'the dictionary is larger than 64 MiB',
  5: 'it does not begin like one',
  6: 'its filter or its kind of checksum is not supported; pack it again with "xz --check=crc64"',
  7: 'it is damaged',
  8: 'it is damaged or not complete',
};

/** Unpacks an xz stream. Throws a {@link ValueError} for what is none, or one of a rare kind. */
export async function* readXz(file: Readable): AsyncGenerator<Uint8Array, void> {
  // The decoder is WebAssembly, which takes a while to load.
  const { XzReadableStream } = (await import('xz-decompress')).default;
  try {
    yield* new XzReadableStream(Readable.toWeb(file) as ReadableStream<Uint8Array>);
  } catch (error) {
    if (file.errored !== null || !(error instanceof Error)) throw error;
    const number = /error code (\d+)/.exec(error.message)?.[1] ?? '';
    throw new ValueError(`cannot unpack xz data: ${reasons[number] ?? error.message}`);
  } finally {
    file.destroy();
  }
}
