import { once } from 'node:events';
import { createZstdDecompress } from 'node:zlib';
import { ByteSource } from '../spec/tar/byte-source.ts';
import { ValueError } from '../spec/value-error.ts';

const frameMagic = 0xfd2fb528;
const skippableMagic = 0x184d2a50;
const chunkSize = 1 << 18;

/**
 * The content of all frames of a zstd stream. Node decompresses the first and ignores the others, so they are told apart here.
 * Throws a {@link ValueError} for what is not zstd.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8878#section-3.1
 */
export async function* unzstd(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const source = new ByteSource(stream);
  for (;;) {
    const start = await source.read(4, 'end');
    if (!start) return;
    const magic = view(start).getUint32(0, true);
    if ((magic & 0xfffffff0) >>> 0 === skippableMagic) {
      await source.skip(view(await exactly(source, 4)).getUint32(0, true));
    } else if (magic === frameMagic) {
      yield* frameContent(source, Buffer.from(start));
    } else {
      throw new ValueError('invalid zstd data');
    }
  }
}

async function* frameContent(source: ByteSource, start: Uint8Array): AsyncGenerator<Uint8Array, void> {
  const decompressor = createZstdDecompress({ chunkSize });
  const fed = feed(decompressor, source, start);
  fed.catch((error: unknown) => decompressor.destroy(error instanceof Error ? error : undefined));
  try {
    for await (const chunk of decompressor as AsyncIterable<Uint8Array>) yield chunk;
    await fed;
  } finally {
    decompressor.destroy();
  }
}

/** Hands the bytes of one frame on. */
async function feed(
  decompressor: ReturnType<typeof createZstdDecompress>,
  source: ByteSource,
  start: Uint8Array,
): Promise<void> {
  const send = async (bytes: Uint8Array): Promise<void> => {
    if (!decompressor.write(bytes)) await once(decompressor, 'drain');
  };
  const descriptor = await exactly(source, 1);
  const [flags = 0] = descriptor;
  await send(Buffer.concat([start, descriptor, await exactly(source, headerLength(flags))]));
  for (let isLast = false; !isLast;) {
    const header = await exactly(source, 3);
    const [low = 0, middle = 0, high = 0] = header;
    const word = low | (middle << 8) | (high << 16);
    isLast = (word & 1) === 1;
    await send(header);
    const isRepeated = ((word >> 1) & 3) === 1;
    for (let left = isRepeated ? 1 : word >> 3; left > 0;) {
      const part = Buffer.from(await source.readSome(left));
      left -= part.length;
      await send(part);
    }
  }
  const hasChecksum = (flags & 4) !== 0;
  if (hasChecksum) await send(await exactly(source, 4));
  decompressor.end();
}

/** What follows the descriptor: window, dictionary and content size, each of a length that flags tell. */
function headerLength(flags: number): number {
  const isSingleSegment = (flags & 0x20) !== 0;
  const window = isSingleSegment ? 0 : 1;
  const dictionary = [0, 1, 2, 4][flags & 3] ?? 0;
  const contentSize = [isSingleSegment ? 1 : 0, 2, 4, 8][flags >> 6] ?? 0;
  return window + dictionary + contentSize;
}

async function exactly(source: ByteSource, size: number): Promise<Uint8Array> {
  return (await source.read(size, 'copy')) ?? new Uint8Array();
}

function view(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
