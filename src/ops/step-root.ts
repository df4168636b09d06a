import type { Draft } from '../snapshot/draft.ts';
import type { ChangeableFiles } from '../snapshot/snapshotter.ts';
import { assert } from '../diagnostic/assert.ts';
import { copyTree } from '../files/copy-tree.ts';
import type { OpEnvironment } from './op-environment.ts';
import type { Result } from './result.ts';

/** The root file system of a step while it runs. */
export interface StepRoot {
  readonly draft: Draft;
  /** The whole file system, to be mounted. */
  readonly files: () => Promise<ChangeableFiles>;
  /** Runs something with the whole file system at a path. */
  readonly withMounted: <Value>(use: (root: string) => Promise<Value>) => Promise<Value>;
}

/** A root to change, on top of what a step begins with. */
export async function prepareRoot(
  environment: OpEnvironment,
  [base, ...sources]: readonly Result[],
  signal: AbortSignal,
): Promise<StepRoot> {
  assert(base !== undefined, 'a step has something to begin with');
  const { snapshots } = environment;
  const draft = await snapshots.prepare(
    base.kind === 'snapshot' ? base.chain : '',
    sources.flatMap((source) => (source.kind === 'snapshot' ? [source.chain] : [])),
  );
  if (base.kind === 'tree') {
    const { seen } = environment;
    await copyTree({ tree: base.tree, source: '/', root: draft.upper, destination: '/', seen, signal });
  }
  return {
    draft,
    files: () => snapshots.changeable(draft),
    withMounted: (use) => snapshots.withMounted(draft, use),
  };
}
