import type { Result } from '../../ops/result.ts';
import { copyTree } from '../../files/copy-tree.ts';
import type { Platform } from '../../spec/platform.ts';
import type { BuildSession } from './build-session.ts';
import type { PlannedImage } from './plan-images.ts';
import type { LayerOutput } from './build-output.ts';
import { imageJson } from './image-json.ts';
import { imageLayers, type OutputLayer } from './image-layers.ts';

/** A planned image whose file system is there. */
export interface SolvedImage extends PlannedImage {
  readonly result: Result;
}

/** An image with all its blobs in the store. */
export interface ComposedImage {
  readonly platform: Platform;
  /** The image configuration, JSON. */
  readonly config: Uint8Array;
  readonly layers: readonly OutputLayer[];
  /** When it was made; absent if it says nothing of that. RFC 3339. */
  readonly created: string | undefined;
}

/** Writes the layers and the configuration of an image into the store. */
export async function composeImage(
  session: BuildSession,
  image: SolvedImage,
  output: LayerOutput,
): Promise<ComposedImage> {
  const { snapshots, options } = session;
  const chain = await chainOfResult(session, image.result);
  const { epoch, platform } = image;
  const layers = await imageLayers(session, { records: snapshots.stack(chain), output, epoch });
  const json = imageJson(image.image, { layers, labels: options.labels, epoch });
  const config = new TextEncoder().encode(json);
  const { created } = JSON.parse(json) as { readonly created?: string };
  return { platform, config, layers, created };
}

/** A stage that is nothing but a directory of the user becomes a layer. */
export async function chainOfResult(
  { snapshots, environment, options }: BuildSession,
  result: Result,
): Promise<string> {
  if (result.kind === 'snapshot') return result.chain;
  const draft = await snapshots.prepare('');
  try {
    const { signal } = options;
    await copyTree({ tree: result.tree, source: '/', root: draft.upper, destination: '/', signal });
    return snapshots.commit(draft, await environment.diffId(draft, signal));
  } catch (error) {
    snapshots.discard(draft.upper);
    throw error;
  }
}
