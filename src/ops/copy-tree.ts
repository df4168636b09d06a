import { runFileActions } from '../files/run-file-actions.ts';
import type { SeenFiles } from '../files/seen-files.ts';
import type { Tree } from '../files/tree.ts';
import type { CopyAction } from '../graph/file-op.ts';

export interface TreeCopy {
  readonly tree: Tree;
  /** Path in the tree. */
  readonly source: string;
  /** Directory that it is copied into, absolute. */
  readonly root: string;
  /** Absolute path below `root`. */
  readonly destination: string;
  readonly seen: ReadonlyMap<string, SeenFiles> | undefined;
  readonly signal: AbortSignal;
}

/** Copies a file, or a directory with all in it, as it is. */
export async function copyTree({ tree, source, root, destination, seen, signal }: TreeCopy): Promise<void> {
  const action: CopyAction = {
    kind: 'copy',
    input: 1,
    source,
    destination,
    mode: '',
    owner: undefined,
    parents: false,
    excludes: [],
    unpack: 'never',
    wildcards: false,
    replace: false,
    timestamp: undefined,
  };
  await runFileActions({ actions: [action], root, inputs: [undefined, tree], seen, signal });
}
