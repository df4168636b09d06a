import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { storeFailure } from '../../../content/store-failure.ts';
import { isKilnError } from '../../../diagnostic/kiln-error.ts';
import { applyLayer } from '../../../layer/apply-layer.ts';
import { digestLayer } from '../../../layer/layer-blob.ts';
import { isRootless } from '../../../sandbox/rootless/rootless.ts';
import type { UsedLayer } from '../../../snapshot/layer-usage.ts';
import { parseDescriptor } from '../../../spec/descriptor.ts';
import { parseDiffId } from '../../../spec/digest.ts';
import { isSystemError } from '../../../system/system-error.ts';
import { storeLayers } from '../store-layers.ts';
import type { Survey } from '../survey.ts';

/**
 * Compares the files of layers with what they were made with. Steps' layers are packed again, which gives the same digest; for
 * layers of images, whose tars others have written, the blob is unpacked once more, and both are packed.
 */
export class LayerDigests {
  readonly #survey: Survey;
  readonly #layers: ReadonlyMap<string, UsedLayer>;
  readonly #byDirectory: ReadonlyMap<string | undefined, readonly UsedLayer[]>;

  constructor(survey: Survey) {
    this.#survey = survey;
    const layers = storeLayers(survey.store.database);
    this.#layers = new Map(layers.map((layer) => [layer.chain, layer]));
    this.#byDirectory = Map.groupBy(layers, ({ directory }) => directory);
  }

  /** What is wrong with a directory; undefined if nothing is, or if there is nothing to compare it with. */
  async problemOf(directory: string): Promise<string | undefined> {
    const layers = this.#byDirectory.get(directory) ?? [];
    const results: (boolean | undefined)[] = [];
    try {
      // A layer that was put on top of others is right if it is so on top of one of them.
      for (const layer of layers) results.push(await this.#isRight(layer));
    } catch (error) {
      // That says nothing about the layer.
      const refusal = refusalOf(error);
      if (refusal) throw storeFailure(refusal);
      // Of a layer that somebody removes meanwhile, nobody will hear of it.
      if (error instanceof Error && 'syscall' in error) return `its files cannot be read: ${error.message}`;
      if (!isKilnError(error)) throw error;
      return error.message;
    }
    return results.includes(false) && !results.includes(true) ? 'its files are not those it was made with' : undefined;
  }

  async #isRight(layer: UsedLayer): Promise<boolean | undefined> {
    const { diffId, blob, created } = layer;
    const below = this.#below(layer);
    const path = this.#path(layer);
    if (!below || path === undefined) return undefined;
    if ((await digestLayer({ directories: [path], parent: below })).diffId === diffId) return true;
    // With --link, a layer was made on top of nothing.
    if ((await digestLayer({ directories: [path], parent: [] })).diffId === diffId) return true;
    if (blob === undefined || created > 0) return created > 0 ? false : undefined;
    return this.#isAsBlob({ ...layer, blob }, path, below);
  }

  async #isAsBlob({ blob, diffId }: UsedLayer & { blob: string }, path: string, parent: readonly string[]) {
    const { store } = this.#survey;
    const { digest } = store.database.json(blob, parseDescriptor);
    if (!statSync(store.blobs.path(digest), { throwIfNoEntry: false })) return undefined;
    const place = store.temporaryPath();
    mkdirSync(place, { recursive: true, mode: 0o700 });
    try {
      const again = join(place, 'fs');
      const options = { userxattr: isRootless(), expectedDiffId: parseDiffId(diffId), parent };
      await applyLayer(store.blobs.stream(digest), again, options);
      const [ours, theirs] = [path, again].map((one) => digestLayer({ directories: [one], parent }));
      return (await ours)?.diffId === (await theirs)?.diffId;
    } finally {
      rmSync(place, { recursive: true, force: true });
    }
  }

  /** Directories of the layers below, bottom first; undefined if they are not all there. */
  #below({ parent }: UsedLayer): readonly string[] | undefined {
    const paths: string[] = [];
    for (let at = parent; at !== '';) {
      const layer = this.#layers.get(at);
      const path = layer && this.#path(layer);
      if (!layer || path === undefined) return undefined;
      paths.push(path);
      at = layer.parent;
    }
    return paths.reverse();
  }

  #path({ directory }: UsedLayer): string | undefined {
    if (directory === undefined) return undefined;
    const path = join(this.#survey.store.root, 'snapshots', directory, 'fs');
    return statSync(path, { throwIfNoEntry: false }) ? path : undefined;
  }
}

/** Why nothing can be unpacked to compare with, if the disk is full or must not be written to. */
function refusalOf(error: unknown): Error | undefined {
  if (!(error instanceof Error)) return undefined;
  return isSystemError(error, 'ENOSPC', 'EDQUOT', 'EROFS') ? error : refusalOf(error.cause);
}
