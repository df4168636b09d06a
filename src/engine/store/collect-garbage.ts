import { statfsSync } from 'node:fs';
import { jsonTable } from '../../content/key-value-table.ts';
import { openStoreAsItIs, type ContentStore } from '../../content/store.ts';
import { withDiskFailures } from './disk-failure.ts';
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
export function collectGarbage(
  root: string,
  { env, now = Date.now() }: CollectionOptions,
): Promise<readonly StoreNode[]> {
  return withDiskFailures(async () => {
    await using store = openStoreAsItIs(root);
    // Of processes that end at the same time, one does it.
    const isTurn = store.database.transaction(() => {
      const isDue = isCollectionDue(store, { env, now });
      if (isDue) jsonTable<number>(store.database, 'store_times').set('collected', now);
      return isDue;
    });
    if (!isTurn) return [];
    const { blocks, bsize } = statfsSync(root);
    return prune(openSurvey(store, { isExact: false }), collectionRules(env, blocks * bsize));
  });
}

/** Whether {@link collectGarbage} would have something to do. Costs no more than a look into the database. */
export function isCollectionDue({ database }: ContentStore, { env, now = Date.now() }: CollectionOptions): boolean {
  const last = jsonTable<number>(database, 'store_times').get('collected');
  // Clocks may have gone back.
  return isCollectionWanted(env) && (last === undefined || last > now || now - last >= pause);
}

/** Throws KilnError `engine/storage-limit` if the limits cannot be read, which should be said before hours of building. */
export function checkCollectionLimits(env: CollectionOptions['env']): void {
  if (isCollectionWanted(env)) collectionRules(env, 0);
}
