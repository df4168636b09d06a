import type { Tree } from '../files/tree.ts';

/** What a vertex came to. */
export type Result = SnapshotResult | TreeResult;

/** Layers in the store. */
export interface SnapshotResult {
  readonly kind: 'snapshot';
  /** Chain id; empty for the file system with nothing in it. */
  readonly chain: string;
}

/** A directory outside of the store's layers: of the user, or fetched. */
export interface TreeResult {
  readonly kind: 'tree';
  readonly tree: Tree;
}
