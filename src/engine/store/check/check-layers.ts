import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CacheRecords } from '../../../cache/cache-records.ts';
import { holdingKey } from '../../../content/holdings.ts';
import { LayerUsage, type UsedLayer } from '../../../snapshot/layer-usage.ts';
import { isDiskError } from '../../../system/system-error.ts';
import { storeLayers } from '../store-layers.ts';
import { parseDescriptor } from '../../../spec/descriptor.ts';
import type { Survey } from '../survey.ts';
import type { Damage, FindingKind } from './finding.ts';
import type { LayerDigests } from './layer-digests.ts';

/** Whether each layer has a directory, or something to make one of; with `digests`, also whether the files are right. */
export async function checkLayers(
  survey: Survey,
  digests: LayerDigests | undefined,
): Promise<{ readonly damages: readonly Damage[]; readonly count: number }> {
  const { store } = survey;
  const usage = new LayerUsage(store.database);
  const layers = storeLayers(store.database);
  const names = new CacheRecords(store.database).names();
  const damages: Damage[] = [];
  const seen = new Set<string>();
  for (const layer of layers) {
    const { chain, directory } = layer;
    const name = names.get(chain) ?? 'layer of an image';
    const damage = (kind: FindingKind, message: string) =>
      damages.push({ kind, subject: chain, message: `${name}: ${message}`, repair: () => drop(survey, layer) });
    if (directory === undefined) {
      if (isLost(survey, layer) && usage.has(chain)) damage('layer-lost', 'it has neither a directory nor a blob');
    } else if (!seen.has(directory)) {
      seen.add(directory);
      if (!isDirectory(join(store.root, 'snapshots', directory, 'fs'))) {
        // Somebody may be cleaning the store.
        if (usage.has(chain))
          damage('layer-missing', `its directory snapshots/${directory}/fs is missing or cannot be read`);
      } else {
        const change = await digests?.problemOf(directory);
        if (change !== undefined && usage.has(chain)) damage('layer-changed', change);
      }
    }
  }
  return { damages, count: layers.length };
}

/** All layers of a directory are wrong if one is. What can be made from a blob only loses its directory. */
function drop(survey: Survey, { directory, chain }: UsedLayer): string | undefined {
  const { store } = survey;
  const usage = new LayerUsage(store.database);
  return store.database.transaction(() => {
    const same = storeLayers(store.database).filter(
      (layer) => layer.chain === chain || (layer.directory ?? '') === (directory ?? ' '),
    );
    const held = store.holdings.held();
    if (same.some((layer) => held.has(holdingKey('layer', layer.chain)))) return undefined;
    const records = new CacheRecords(store.database);
    for (const layer of same) {
      records.forget(layer.chain);
      if (isLost(survey, { ...layer, directory: undefined })) usage.drop(layer.chain);
    }
    if (directory !== undefined) usage.dropDirectory(directory);
    return same.every((layer) => !isLost(survey, { ...layer, directory: undefined }))
      ? 'removed; it is unpacked again when it is needed'
      : 'removed; its step is run again when it is needed';
  });
}

/** Whether there is nothing that a layer can be made from. The blobs of images can be fetched, those of steps cannot. */
function isLost({ store }: Survey, { directory, blob, created }: UsedLayer): boolean {
  if (directory !== undefined) return false;
  if (blob === undefined) return true;
  const path = store.blobPath(store.database.json(blob, parseDescriptor).digest);
  return created > 0 && !statSync(path, { throwIfNoEntry: false });
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
  } catch (error) {
    if (isDiskError(error)) return false;
    throw error;
  }
}
