import { createZstdDecompress } from 'node:zlib';
import { ByteSource } from '../spec/tar/byte-source.ts';
import { ValueError } from '../spec/value-error.ts';

type ZstdDecompress = ReturnType<typeof createZstdDecompress>;

const frameMagic = 0xfd2fb528;
const magicBytes = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);
const skippableMagic = 0x184d2a50;
const chunkSize = 1 << 18;

/**
 * The content of all frames of a zstd stream. Throws a {@link ValueError} for what is not zstd.
 *
 * @see https://www.rfc-editor.org/rfc/rfc8878#section-3.1
 */
export async function* unzstd(stream: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void> {
  const source = new ByteSource(stream);
  if (!(await findFrame(source))) return;
  const decompressor = createZstdDecompress({ chunkSize });
  const fed = feed(decompressor, source);
  fed.catch((error: unknown) => decompressor.destroy(error instanceof Error ? error : undefined));
  try {
    for await (const chunk of decompressor as AsyncIterable<Uint8Array>) yield chunk;
    await fed;
  } finally {
    decompressor.destroy();
  }
}

/** Goes to what comes after the magic of the next frame with content; whether there is one. */
async function findFrame(source: ByteSource): Promise<boolean> {
  for (;;) {
    const start = await source.read(4, 'end');
    if (!start) return false;
    const magic = view(start).getUint32(0, true);
    if (magic === frameMagic) return true;
    if ((magic & 0xfffffff0) >>> 0 !== skippableMagic) throw new ValueError('invalid zstd data');
    await source.skip(view(await exactly(source, 4)).getUint32(0, true));
  }
}

/** Hands on frame after frame, from behind the magic of the first. */
async function feed(decompressor: ZstdDecompress, source: ByteSource): Promise<void> {
  const pieces = new Pieces(decompressor);
  do await feedFrame(pieces, source);
  while (await findFrame(source));
  decompressor.end();
}

async function feedFrame(pieces: Pieces, source: ByteSource): Promise<void> {
  const descriptor = await exactly(source, 1);
  const [flags = 0] = descriptor;
  await pieces.add(magicBytes);
  await pieces.add(descriptor);
  await pieces.add(await exactly(source, headerLength(flags)));
  for (let isLast = false; !isLast;) {
    const header = await exactly(source, 3);
    const [low = 0, middle = 0, high = 0] = header;
    const word = low | (middle << 8) | (high << 16);
    isLast = (word & 1) === 1;
    await pieces.add(header);
    const isRepeated = ((word >> 1) & 3) === 1;
    for (let left = isRepeated ? 1 : word >> 3; left > 0;) {
      const part = await source.readSome(left);
      left -= part.length;
      await pieces.add(part);
    }
  }
  const hasChecksum = (flags & 4) !== 0;
  if (hasChecksum) await pieces.add(await exactly(source, 4));
  await pieces.flush();
}

/**
 * Gathers bytes for a decompressor, in two buffers in turn. Node takes for the last frame the one that ends in the middle of
 * what it is given, and begins another one with what it is given next; so each frame is flushed.
 */
class Pieces {
  readonly #decompressor: ZstdDecompress;
  #filling = Buffer.allocUnsafeSlow(chunkSize);
  #used = 0;
  #other: { readonly buffer: Buffer<ArrayBuffer>; readonly taken: Promise<void> } | undefined;

  constructor(decompressor: ZstdDecompress) {
    this.#decompressor = decompressor;
  }

  async add(bytes: Uint8Array): Promise<void> {
    for (let at = 0; at < bytes.length;) {
      const part = bytes.subarray(at, at + chunkSize - this.#used);
      this.#filling.set(part, this.#used);
      this.#used += part.length;
      at += part.length;
      if (this.#used === chunkSize) await this.flush();
    }
  }

  /** Hands on what there is. */
  async flush(): Promise<void> {
    if (this.#used === 0) return;
    const buffer = this.#filling;
    const taken = this.#write(buffer.subarray(0, this.#used));
    taken.catch(() => undefined);
    await this.#other?.taken;
    this.#filling = this.#other?.buffer ?? Buffer.allocUnsafeSlow(chunkSize);
    this.#used = 0;
    this.#other = { buffer, taken };
  }

  #write(bytes: Buffer): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    this.#decompressor.write(bytes, (error) => {
      if (error) reject(error);
      else resolve(undefined);
    });
    return promise;
  }
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
