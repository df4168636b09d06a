import { openStoreAsItIs } from '../../content/store.ts';
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
export async function storeUsage(root: string): Promise<readonly StoreRecord[]> {
  await using store = openStoreAsItIs(root);
  return inventory(openSurvey(store, { isExact: true })).filter(({ isHidden }) => !isHidden);
}
