import { decompress } from '../content/decompress.ts';
import type { ContentStore } from '../content/store.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import type { LayerEntry } from '../spec/tar/layer-entry.ts';
import type { DiffId } from '../spec/digest.ts';
import { mediaTypes } from '../spec/media-type.ts';
import type { BlockSink } from './block-sink.ts';
import { BlockWriter } from './block-writer.ts';
import { checkDiffId, explainBrokenLayer } from './broken-layer.ts';
import { compressionVariant } from './compression.ts';
import type { CompressionOptions } from './compression.ts';
import { DigestSink } from './digest-sink.ts';
import { KnownSegments } from './known-segments.ts';
import { openSink } from './open-sink.ts';
import { writeEntries } from './write-entries.ts';
import { writeLayer } from './write-layer.ts';
import type { LayerSource } from './write-layer.ts';

/** A layer that is in the store. */
export interface LayerBlob {
  readonly diffId: DiffId;
  /** Of the blob, in OCI's media types. */
  readonly descriptor: Descriptor;
  /** Of the tar, in bytes. */
  readonly uncompressedSize: number;
}

/**
 * Makes a layer and puts it into the store, compressed: one pass over each byte. What the store has of the layer is remembered
 * (`store.layers`). Throws as {@link writeLayer}.
 */
export function createLayerBlob(
  store: ContentStore,
  request: LayerSource & { readonly compression: CompressionOptions },
): Promise<LayerBlob> {
  return storeLayer(store, request, (sink) => writeLayer(request, sink));
}

/** A layer whose entries are known. */
export interface EntriesRequest {
  readonly entries: Iterable<LayerEntry>;
  readonly compression: CompressionOptions;
  /** It is not for an image now: it need not survive a power failure, and is checked when it is used. */
  readonly isProvisional: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** As {@link createLayerBlob}, of entries. Throws as {@link writeEntries}. */
export function createEntriesBlob(store: ContentStore, request: EntriesRequest): Promise<LayerBlob> {
  return storeLayer(store, request, (sink) => writeEntries(request.entries, sink, request.signal));
}

/** The diff id of a layer, without keeping it. Throws as {@link writeLayer}. */
export async function digestLayer(
  source: LayerSource,
): Promise<{ readonly diffId: DiffId; readonly uncompressedSize: number }> {
  const sink = new DigestSink();
  const uncompressedSize = await writeLayer(source, sink);
  return { diffId: await sink.digest(), uncompressedSize };
}

/**
 * Puts a layer of the store into it once more, compressed in another way. The layer stays what it is, byte for byte.
 *
 * Throws KilnError `layer/broken`, `layer/wrong-content`, `content/blob-missing`.
 */
export async function recompressLayer(
  store: ContentStore,
  { diffId, descriptor }: Pick<LayerBlob, 'diffId' | 'descriptor'>,
  compression: CompressionOptions,
): Promise<LayerBlob> {
  const blob = store.blobs.stream(descriptor.digest);
  try {
    const { content } = await decompress(blob);
    return await storeLayer(store, { compression }, (sink) => copyTo(sink, content), diffId);
  } catch (error) {
    throw explainBrokenLayer(error);
  } finally {
    blob.destroy();
  }
}

async function copyTo(sink: BlockSink, content: AsyncIterable<Uint8Array>): Promise<number> {
  const writer = new BlockWriter(sink);
  for await (const chunk of content) await writer.write(chunk);
  await writer.end();
  return writer.size;
}

/** Puts a layer into the store that `write` writes the tar of; it returns the number of bytes. */
async function storeLayer(
  store: ContentStore,
  {
    compression,
    isProvisional = false,
  }: { readonly compression: CompressionOptions; readonly isProvisional?: boolean },
  write: (sink: BlockSink) => Promise<number>,
  expected?: DiffId,
): Promise<LayerBlob> {
  await using writer = store.blobWriter();
  const known = new KnownSegments(store.segments);
  const sink = openSink(compression, (chunk) => writer.write(chunk), known);
  const digests = new DigestSink(sink);
  const uncompressedSize = await write(digests);
  await sink.finish();
  const diffId = await digests.digest();
  if (expected !== undefined) checkDiffId(diffId, expected);
  const { digest, size } = await writer.commit({ isSafe: !isProvisional });
  const descriptor: Descriptor = { mediaType: mediaTypes.oci.layer[compression.kind], digest, size };
  known.keep(digest);
  if (!isProvisional) store.layers.set(diffId, compressionVariant(compression), descriptor);
  return { diffId, descriptor, uncompressedSize };
}
