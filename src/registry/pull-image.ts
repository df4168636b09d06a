import { blobContent } from './blob-content.ts';
import type { BlobStore } from './blob-store.ts';
import type { Reference } from '../spec/reference.ts';
import type { RegistryClient } from './registry-client.ts';
import { resolveImage } from './resolve-image.ts';
import { checkRoom } from './store-room.ts';
import type { ImageLayer, ImageRequest, ResolvedImage } from './resolve-image.ts';

/** How far a layer has come. */
export interface PullProgress {
  readonly digest: string;
  /** Bytes so far; all of them if the store had it. */
  readonly received: number;
  /** Bytes. */
  readonly total: number;
  readonly state: 'downloading' | 'done' | 'exists';
}

export interface LayersRequest {
  readonly client: RegistryClient;
  readonly reference: Reference;
  readonly layers: readonly ImageLayer[];
  readonly store: BlobStore;
  readonly onProgress?: ((progress: PullProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

const atOnce = 3;

/** {@link resolveImage}, and the layers brought into the store. */
export async function pullImage(request: ImageRequest & Pick<LayersRequest, 'onProgress'>): Promise<ResolvedImage> {
  const image = await resolveImage(request);
  await pullLayers({ ...request, layers: image.layers });
  return image;
}

/**
 * Brings layers into the store, three at a time, those it has already excepted. The first failure ends the others; layers
 * that are complete stay.
 *
 * Throws as {@link checkRoom} and {@link blobContent}.
 */
export async function pullLayers(request: LayersRequest): Promise<void> {
  await checkFreeRoom(request);
  const stop = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, stop.signal]) : stop.signal;
  // One blob may be several layers.
  const open = new Map(request.layers.map(({ descriptor }) => [descriptor.digest, descriptor])).values();
  const work = async (): Promise<void> => {
    for (const blob of open) await pullBlob({ ...request, signal }, blob);
  };
  const workers = Array.from({ length: atOnce }, async () => {
    try {
      await work();
    } catch (error) {
      stop.abort(error);
      throw error;
    }
  });
  const outcomes = await Promise.allSettled(workers);
  // The reason of the signal is the failure that came first.
  if (outcomes.some(({ status }) => status === 'rejected')) throw signal.reason;
}

async function checkFreeRoom({ reference, layers, store }: LayersRequest): Promise<void> {
  const missing: ImageLayer['descriptor'][] = [];
  for (const { descriptor } of layers) if (!(await store.has(descriptor.digest))) missing.push(descriptor);
  checkRoom({ reference, store }, missing, 'free');
}

async function pullBlob(request: LayersRequest, blob: ImageLayer['descriptor']): Promise<void> {
  const { client, reference, store, onProgress, signal } = request;
  const { digest, size: total } = blob;
  signal?.throwIfAborted();
  if (await store.has(digest)) {
    onProgress?.({ digest, received: total, total, state: 'exists' });
    return;
  }
  await store.write(blob, counted(blobContent({ client, reference, blob, signal })));
  onProgress?.({ digest, received: total, total, state: 'done' });

  async function* counted(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let received = 0;
    onProgress?.({ digest, received, total, state: 'downloading' });
    for await (const chunk of content) {
      received += chunk.length;
      onProgress?.({ digest, received, total, state: 'downloading' });
      yield chunk;
    }
  }
}
