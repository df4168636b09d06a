import type { ContentStore } from '../../content/store.ts';
import { isKilnError } from '../../diagnostic/kiln-error.ts';
import type { Vertex } from '../../graph/vertex.ts';
import type { CompressionOptions } from '../../layer/compression.ts';
import { createEntriesBlob, createLayerBlob, digestLayer, type LayerBlob } from '../../layer/layer-blob.ts';
import type { Draft } from '../../snapshot/draft.ts';
import type { LayerEntry } from '../../spec/tar/layer-entry.ts';
import type { BuildOutput, LayerOutput } from './build-output.ts';
import { prepareSha256 } from '../../system/sha256.ts';
import { layerSizes } from '../store/layer-sizes.ts';

/**
 * Finds the digests of layers. Of those that an output will want it makes the blobs at once: reading all files of a layer a
 * second time takes longer than anything else about it.
 */
export class DraftLayers {
  readonly #content: ContentStore;
  readonly #compression: CompressionOptions | undefined;
  /** Digests of the vertices whose layers are those of an image. */
  readonly #wanted = new Set<string>();
  #isReady = false;

  constructor(content: ContentStore, outputs: readonly BuildOutput[]) {
    this.#content = content;
    const layers = outputs.map((output) => ('layers' in output ? output.layers : undefined)).find(Boolean);
    this.#compression = layers && compressionOf(layers);
  }

  /** Says that the layers of an image will be written as they are: nothing changes the times of their files. */
  expect(target: Vertex): void {
    if (!this.#compression) return;
    const open = [target];
    for (let vertex = open.pop(); vertex; vertex = open.pop()) {
      if (this.#wanted.has(vertex.digest)) continue;
      this.#wanted.add(vertex.digest);
      const { op, inputs } = vertex;
      // What the others of its inputs are is copied or mounted.
      open.push(...inputs.slice(0, op.kind === 'merge' ? 2 : 1));
    }
  }

  /** Makes what the first layer and its record need, while there is nothing else to do. May be called again. */
  getReady(): void {
    if (this.#isReady) return;
    this.#isReady = true;
    prepareSha256();
    try {
      this.#content.database.getReady();
      layerSizes(this.#content.database).get('');
    } catch (error) {
      // Whoever writes to it takes the error.
      if (!isKilnError(error)) throw error;
    }
  }

  /** Digest of the tar of a layer, `sha256:hex`; of a vertex if it is one of a step. Throws as {@link digestLayer}. */
  async diffId(
    { upper, lowers }: Pick<Draft, 'upper' | 'lowers'>,
    signal: AbortSignal,
    vertex?: Vertex,
  ): Promise<string> {
    const layer = { directories: [upper], parent: lowers, signal };
    const compression = vertex && this.#wanted.has(vertex.digest) ? this.#compression : undefined;
    const { diffId, uncompressedSize } = compression
      ? await createLayerBlob(this.#content, { ...layer, compression })
      : await digestLayer(layer);
    layerSizes(this.#content.database).set(diffId, uncompressedSize);
    return diffId;
  }

  /** Writes the layer of a vertex that is known entry by entry: for an image, or as it is. Throws as {@link createEntriesBlob}. */
  async planned(entries: Iterable<LayerEntry>, signal: AbortSignal, { digest }: Vertex): Promise<LayerBlob> {
    const compression = this.#wanted.has(digest) ? this.#compression : undefined;
    const request = { entries, compression: compression ?? uncompressed, isProvisional: !compression, signal };
    const blob = await createEntriesBlob(this.#content, request);
    layerSizes(this.#content.database).set(blob.diffId, blob.uncompressedSize);
    return blob;
  }
}

const uncompressed: CompressionOptions = { kind: 'none' };

/** How the layers of an output are compressed. */
export function compressionOf({ compression, level }: LayerOutput): CompressionOptions {
  return { kind: compression, ...(level !== undefined && { level }) };
}
