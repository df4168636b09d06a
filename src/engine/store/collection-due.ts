import { jsonTable } from '../../content/key-value-table.ts';
import type { ContentStore } from '../../content/store.ts';
import { collectionRules, isCollectionWanted } from './collection-policy.ts';

/** How often at most the store is cleaned by itself. ms. */
const pause = 10 * 60_000;

export interface CollectionOptions {
  /** For `KILN_GC`, `KILN_MAX_STORAGE` and the like. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** ms since 1970. */
  readonly now?: number;
}

/** Whether `collectGarbage` would have something to do. Costs no more than a look into the database. */
export function isCollectionDue({ database }: ContentStore, { env, now = Date.now() }: CollectionOptions): boolean {
  const last = jsonTable<number>(database, 'store_times').get('collected');
  // Clocks may have gone back.
  return isCollectionWanted(env) && (last === undefined || last > now || now - last >= pause);
}

/** Throws KilnError `engine/storage-limit` if the limits cannot be read, which should be said before hours of building. */
export function checkCollectionLimits(env: CollectionOptions['env']): void {
  if (isCollectionWanted(env)) collectionRules(env, 0);
}
