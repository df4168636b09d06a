import type { CopyAction } from '../graph/file-op.ts';
import type { UnpackLimits } from '../system/unpack-limits.ts';
import type { OwnerSetter } from './attributes.ts';
import { DiskFiles } from './disk-files.ts';
import { runFileActions } from './run-file-actions.ts';
import type { SeenFiles } from './seen-files.ts';
import type { Tree } from './tree.ts';

export interface TreeCopy {
  readonly tree: Tree;
  /** Path in the tree. */
  readonly source: string;
  /** Directory that it is copied into, absolute. */
  readonly root: string;
  /** Absolute path below `root`. */
  readonly destination: string;
  /** Whether the source is unpacked if it is an archive. Never, if absent. */
  readonly unpack?: CopyAction['unpack'];
  readonly seen?: ReadonlyMap<Tree, SeenFiles> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Instead of lchown(2). */
  readonly setOwner?: OwnerSetter | undefined;
  /** Of an archive. The default ones if absent. */
  readonly limits?: UnpackLimits | undefined;
}

/** Copies a file, or a directory with all in it, as it is. Throws as {@link runFileActions}. */
export async function copyTree(copy: TreeCopy): Promise<void> {
  const { tree, source, root, destination, unpack = 'never', setOwner, ...how } = copy;
  const action: CopyAction = {
    ...{ kind: 'copy', input: 1, source, destination, unpack },
    ...{ mode: '', owner: undefined, parents: false, excludes: [], wildcards: false },
    ...{ replace: false, timestamp: undefined },
  };
  await runFileActions({ actions: [action], files: new DiskFiles(root, setOwner), inputs: [undefined, tree], ...how });
}
