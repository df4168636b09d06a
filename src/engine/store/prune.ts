import { statfsSync } from 'node:fs';
import { openStoreAsItIs, type ContentStore } from '../../content/store.ts';
import { withDiskFailures } from './disk-failure.ts';
import { inventory } from './inventory.ts';
import { planRemoval, type RemovalRule } from './removal-plan.ts';
import { Removal } from './removal.ts';
import type { StoreNode, StoreRecord } from './store-record.ts';
import { openSurvey, type Survey } from './survey.ts';

/** What `kiln prune` is asked to do. */
export type PruneOptions = RemovalRule;

/**
 * Removes what nobody needs from a store, while others use it. Gives what was removed, in order.
 *
 * Throws KilnError `content/...`.
 *
 * @param root absolute path of the store
 */
export function pruneStore(root: string, options: PruneOptions): Promise<readonly StoreRecord[]> {
  return withDiskFailures(async () => {
    await using store = openStoreAsItIs(root);
    return prune(openSurvey(store, { isExact: true }), [options]);
  });
}

/** Applies some rules, one after the other. */
export function prune(survey: Survey, rules: readonly RemovalRule[]): readonly StoreNode[] {
  const { store } = survey;
  let nodes = inventory(survey);
  const removal = new Removal(survey);
  const removed: StoreNode[] = [];
  for (const rule of rules) {
    const gone = removal.remove(planRemoval(nodes, rule, { now: Date.now(), free: freeSpace(store) }));
    const keys = new Set(gone.map(({ key }) => key));
    nodes = nodes.filter(({ key }) => !keys.has(key));
    removed.push(...gone);
  }
  removal.tidy();
  return removed.filter(({ isHidden }) => !isHidden);
}

/** Bytes that are free on the disk of the store, for this user. */
export function freeSpace({ root }: Pick<ContentStore, 'root'>): number {
  const { bavail, bsize } = statfsSync(root);
  return bavail * bsize;
}
