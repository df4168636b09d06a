import { statfsSync } from 'node:fs';
import { jsonTable } from '../../content/key-value-table.ts';
import { openStoreAsItIs } from '../../content/store.ts';
import { withDiskFailures } from './disk-failure.ts';
import { isCollectionDue, type CollectionOptions } from './collection-due.ts';
import { collectionRules } from './collection-policy.ts';
import { prune } from './prune.ts';
import { openSurvey } from './survey.ts';
import type { StoreNode } from './store-record.ts';

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
