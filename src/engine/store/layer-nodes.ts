import { join } from 'node:path';
import { CacheRecords } from '../../cache/cache-records.ts';
import { holdingKey } from '../../content/holdings.ts';
import { LayerUsage, type UsedLayer } from '../../snapshot/layer-usage.ts';
import { parseDescriptor } from '../../spec/descriptor.ts';
import { layerSizes } from './layer-sizes.ts';
import { storeLayers } from './store-layers.ts';
import type { StoreNode } from './store-record.ts';
import type { Survey } from './survey.ts';
import { familiar } from './familiar-names.ts';

/** The key of a layer among records. */
export function layerKey(chain: string): string {
  return holdingKey('layer', chain);
}

/** The layers of a store, unpacked or not. What several have the same directory of counts with the first of them. */
export function layerNodes(survey: Survey): readonly StoreNode[] {
  const { store, held } = survey;
  const names = new CacheRecords(store.database).names();
  const images = imagesByChain(survey);
  const sizeOf = directorySizes(survey);
  const layers = storeLayers(store.database).toSorted((a, b) => a.created - b.created);
  return layers.map((layer) => {
    const { chain, parent, directory, created, used } = layer;
    const image = images.get(chain);
    return {
      ...{ id: chain, key: layerKey(chain), type: 'regular' },
      place: { kind: 'layer', chain, directory },
      description: names.get(chain) ?? (image === undefined ? 'layer of an image' : `layer of ${image}`),
      size: sizeOf(layer),
      created: created || undefined,
      lastUsed: used || undefined,
      parents: parent === '' ? [] : [parent],
      needs: [...(parent === '' ? [] : [layerKey(parent)]), ...blobNeeds(survey, layer)],
      inUse: held.has(layerKey(chain)),
      shared: image !== undefined,
      reclaimable: !held.has(layerKey(chain)),
      isHidden: directory === undefined,
    };
  });
}

/** A layer that is not unpacked needs its blob. */
function blobNeeds({ store }: Survey, { directory, blob }: UsedLayer): readonly string[] {
  if (directory !== undefined || blob === undefined) return [];
  return [holdingKey('blob', store.database.json(blob, parseDescriptor).digest)];
}

function imagesByChain({ tagged }: Survey): ReadonlyMap<string, string> {
  const entries = tagged
    .list()
    .flatMap(({ names, parts }) =>
      parts.flatMap(({ chains }) => chains.map((chain) => [chain, familiar(names)] as const)),
    );
  return new Map(entries.reverse());
}

function directorySizes({ store, usage, isExact }: Survey): (layer: UsedLayer) => number {
  const counted = new Set<string>();
  const sizes = layerSizes(store.database);
  const layers = new LayerUsage(store.database);
  return ({ directory, size, diffId, blob }) => {
    if (directory === undefined || counted.has(directory)) return 0;
    counted.add(directory);
    if (size !== undefined) return size;
    if (!isExact) {
      return sizes.get(diffId) ?? (blob === undefined ? 0 : store.database.json(blob, parseDescriptor).size * 2);
    }
    const { bytes, isAlone } = usage.tree(join(store.root, 'snapshots', directory));
    // Layers do not change, so once is enough.
    if (isAlone) layers.measured(directory, bytes);
    return bytes;
  };
}
