import { statfsSync } from 'node:fs';
import { jsonTable } from '../../content/key-value-table.ts';
import { openStoreAsItIs, type ContentStore } from '../../content/store.ts';
import { collectionRules, isCollectionWanted } from './collection-policy.ts';
import { prune } from './prune.ts';
import { openSurvey } from './survey.ts';
import type { StoreNode } from './store-record.ts';

/** How often at most the store is cleaned by itself. ms. */
const pause = 10 * 60_000;

export interface CollectionOptions {
  /** For `KILN_GC`, `KILN_MAX_STORAGE` and the like. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** ms since 1970. */
  readonly now?: number;
}

/**
 * Cleans a store that has grown over its limits, if it was not looked at lately. Gives what was removed.
 *
 * Throws KilnError `engine/storage-limit`, `content/...`.
 *
 * @param root absolute path of the store
 */
export async function collectGarbage(
  root: string,
  { env, now = Date.now() }: CollectionOptions,
): Promise<readonly StoreNode[]> {
  if (!isCollectionWanted(env)) return [];
  const { blocks, bsize } = statfsSync(root);
  const rules = collectionRules(env, blocks * bsize);
  await using store = openStoreAsItIs(root);
  return isDue(store, now) ? prune(openSurvey(store, { isExact: false }), rules) : [];
}

/** Throws KilnError `engine/storage-limit` if the limits cannot be read, which should be said before hours of building. */
export function checkCollectionLimits(env: CollectionOptions['env']): void {
  if (isCollectionWanted(env)) collectionRules(env, 0);
}

/** Of processes that end at the same time, one does it. Clocks may have gone back. */
function isDue({ database }: ContentStore, now: number): boolean {
  const times = jsonTable<number>(database, 'store_times');
  const isRecent = (time: number | undefined) => time !== undefined && time <= now && now - time < pause;
  if (isRecent(times.get('collected'))) return false;
  return database.transaction(() => {
    if (isRecent(times.get('collected'))) return false;
    times.set('collected', now);
    return true;
  });
}
