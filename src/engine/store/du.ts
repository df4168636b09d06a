import { openStoreAsItIs } from '../../content/store.ts';
import { withDiskFailures } from './disk-failure.ts';
import { inventory } from './inventory.ts';
import type { StoreRecord } from './store-record.ts';
import { openSurvey } from './survey.ts';

/**
 * What a store keeps, measured; all sizes together are what it takes on the disk.
 *
 * Throws KilnError `content/...`.
 *
 * @param root absolute path of the store
 */
export function storeUsage(root: string): Promise<readonly StoreRecord[]> {
  return withDiskFailures(async () => {
    await using store = openStoreAsItIs(root);
    return inventory(openSurvey(store, { isExact: true })).filter(({ isHidden }) => !isHidden);
  });
}
