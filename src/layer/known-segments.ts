import { versions } from 'node:process';
import { segmentDigest, type LayerSegment, type LayerSegments } from '../content/layer-segments.ts';
import { Sha256 } from '../system/sha256.ts';

/** What a segment is compressed with, besides the compressor itself. */
export interface SegmentSource {
  readonly bytes: Uint8Array;
  /** What it may refer back to. */
  readonly dictionary: Uint8Array | undefined;
  readonly level: number;
}

/** What a segment has become. */
export interface CompressedSegment {
  readonly key: string;
  readonly chunks: readonly Buffer<ArrayBuffer>[];
  /** CRC-32 of what it was made of. */
  readonly crc: number;
  /** What `segmentDigest` says of it, if that is known. */
  readonly digest?: string;
}

/** The segments of a blob that is being written: what is known of them from earlier ones, and what is to be known later. */
export class KnownSegments {
  readonly #store: LayerSegments;
  readonly #written: LayerSegment[] = [];

  constructor(store: LayerSegments) {
    this.#store = store;
  }

  /** What a segment was compressed to before. */
  find(key: string): CompressedSegment | undefined {
    const found = this.#store.find(key);
    return found && { key, chunks: [found.bytes], crc: found.crc, digest: found.digest };
  }

  /** Remembers what a segment was compressed to, and where that is in the blob. */
  note({ key, chunks, crc, digest }: CompressedSegment, position: number): void {
    const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    this.#written.push({ key, position, length, crc, digest: digest ?? segmentDigest(chunks, crc) });
  }

  /** Keeps what was noted, once the blob is in the store. */
  keep(blob: string): void {
    this.#store.add(blob, this.#written);
  }
}

/** Another zlib may compress in another way. */
const compressor = `deflate ${versions.zlib}`;

/** By which a segment is known; its bytes are hashed on another thread. */
export async function segmentKey({ bytes, dictionary, level }: SegmentSource): Promise<string> {
  const hash = new Sha256();
  const parts = [Buffer.from(`${compressor} ${level} ${dictionary?.length ?? 0}\n`), dictionary, bytes];
  for (const part of parts) if (part) await hash.update(part);
  return hash.digest();
}
