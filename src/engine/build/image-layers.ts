import PQueue from 'p-queue';
import { jsonTable } from '../../content/key-value-table.ts';
import { compressionVariant, type CompressionOptions } from '../../layer/compression.ts';
import { createLayerBlob, recompressLayer, type LayerBlob } from '../../layer/layer-blob.ts';
import type { SnapshotRecord } from '../../snapshot/snapshot-table.ts';
import { parseDescriptor, type Descriptor } from '../../spec/descriptor.ts';
import { parseDiffId, type DiffId } from '../../spec/digest.ts';
import type { BuildSession } from './build-session.ts';
import type { LayerOutput } from './build-output.ts';
import { explainDamagedLayer } from './damaged-layer.ts';
import { compressionOf } from './draft-layers.ts';

/** A layer as it is written: compressed, times as they are wanted. */
export interface OutputLayer {
  /** Of what is written, which is not that of the snapshot if times were changed. */
  readonly diffId: DiffId;
  readonly descriptor: Descriptor;
  /** When it was made, in ms since 1970; 0 for layers of base images. */
  readonly created: number;
}

export interface LayersRequest {
  /** Lowest first. */
  readonly records: readonly SnapshotRecord[];
  readonly output: LayerOutput;
  /** Seconds since 1970. */
  readonly epoch: number | undefined;
}

interface Rewritten {
  readonly diffId: string;
}

/** Layers are hashed and compressed on several threads; more than a few at a time only take memory. */
const layersAtOnce = 3;

/** The blobs of a stack of layers, made if the store does not have them; lowest first. */
export async function imageLayers(
  session: BuildSession,
  { records, output, epoch }: LayersRequest,
): Promise<readonly OutputLayer[]> {
  const queue = new PQueue({ concurrency: layersAtOnce });
  const layers = records.map((record) => queue.add(() => outputLayer(session, record, { output, epoch })));
  return Promise.all(layers);
}

type Wanted = Pick<LayersRequest, 'output' | 'epoch'>;

async function outputLayer(session: BuildSession, record: SnapshotRecord, wanted: Wanted): Promise<OutputLayer> {
  const { output, epoch } = wanted;
  const { created } = record;
  const times = changedTimes(record, wanted);
  // That of a step is there instead of its files, in whatever form; what of it may go into an image is known below.
  if (record.blob !== undefined && created === 0 && !output.force && !times) {
    const descriptor = session.content.database.json(record.blob, parseDescriptor);
    const { signal } = session.options;
    await session.images.ensureBlob(descriptor, { signal, progress: () => undefined });
    return { diffId: parseDiffId(record.diffId), descriptor, created };
  }
  const compression = compressionOf(output);
  const rewritten = jsonTable<Rewritten>(session.content.database, 'rewritten_layers');
  const name = times ? `${record.chain} ${epoch ?? ''} ${output.rewriteTimestamp}` : '';
  const diffId = times ? rewritten.get(name)?.diffId : record.diffId;
  const known =
    diffId === undefined ? undefined : session.content.layers.get(parseDiffId(diffId), compressionVariant(compression));
  if (known && diffId !== undefined) return { diffId: parseDiffId(diffId), descriptor: known, created };
  if (record.blob !== undefined && record.directory === undefined && !times) {
    return { ...(await recompressed(session, record, record.blob, compression)), created };
  }
  const directories = await session.snapshots.directories(record.chain);
  const made = await createLayerBlob(session.content, {
    ...{ directories: directories.slice(-1), parent: directories.slice(0, -1), compression, ...times },
    signal: session.options.signal,
  });
  if (times) rewritten.set(name, { diffId: made.diffId });
  return { diffId: made.diffId, descriptor: made.descriptor, created };
}

/**
 * With SOURCE_DATE_EPOCH nothing is to depend on the time of the build. What a step wrote has that time, so it gets the other
 * one; what was copied keeps its own, unless all times are to be changed.
 */
function changedTimes({ since, created }: SnapshotRecord, { output, epoch }: Wanted) {
  if (epoch === undefined) return undefined;
  if (output.rewriteTimestamp) return { rewriteMtime: epoch };
  return created === 0 ? undefined : { clampMtime: { since, to: epoch } };
}

async function recompressed(
  { content, images, options }: BuildSession,
  { diffId }: SnapshotRecord,
  blob: string,
  compression: CompressionOptions,
): Promise<LayerBlob> {
  const descriptor = content.database.json(blob, parseDescriptor);
  await images.ensureBlob(descriptor, { signal: options.signal, progress: () => undefined });
  try {
    return await recompressLayer(content, { diffId: parseDiffId(diffId), descriptor }, compression);
  } catch (error) {
    const { digest } = descriptor;
    throw explainDamagedLayer(error, { digest, path: content.blobPath(digest), reference: images.referenceOf(digest) });
  }
}
