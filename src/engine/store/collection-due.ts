import { jsonTable } from '../../content/key-value-table.ts';
import type { ContentStore } from '../../content/store.ts';
import { collectionRules, hasCollectionLimits, isCollectionWanted } from './collection-policy.ts';

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
  if (!isCollectionWanted(env)) return false;
  const last = jsonTable<number>(database, 'store_times').get('collected');
  // Clocks may have gone back.
  return last === undefined ? hasCollectionLimits(env) : last > now || now - last >= pause;
}

/** Has a store that was never looked at wait for its turn as if it had been: it is young. */
export function beginCollections({ database }: ContentStore, { env, now = Date.now() }: CollectionOptions): void {
  const times = jsonTable<number>(database, 'store_times');
  if (isCollectionWanted(env) && times.get('collected') === undefined) times.set('collected', now);
}

/** Throws KilnError `engine/storage-limit` if the limits cannot be read, which should be said before hours of building. */
export function checkCollectionLimits(env: CollectionOptions['env']): void {
  if (isCollectionWanted(env)) collectionRules(env, 0);
}
