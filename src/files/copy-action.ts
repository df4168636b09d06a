import type { CopyAction } from '../graph/file-op.ts';
import { childPath, toBinary } from './binary-path.ts';
import type { ActionScope } from './action-scope.ts';
import { unpackArchive } from './archive/unpack-archive.ts';
import { isArchive } from './archive/is-archive.ts';
import { copySelection } from './copy-selection.ts';
import { CannotPlan } from './cannot-plan.ts';
import { Destination } from './destination.ts';
import { DiskFiles } from './disk-files.ts';
import { missingSource } from './missing-source.ts';
import { prepareTarget, type Incoming } from './prepare-target.ts';
import type { SeenFiles } from './seen-files.ts';
import { walkName } from './seen-walk.ts';
import { selectSources, type SelectedRoot } from './select-sources.ts';
import { TreeReader } from './tree-reader.ts';
import type { Tree } from './tree.ts';

/** What a copy reads. */
export interface CopySource {
  readonly tree: Tree;
  /** What the source was like when it was hashed. */
  readonly seen: SeenFiles | undefined;
}

/**
 * Copies what one source of COPY or ADD means.
 *
 * @see https://docs.docker.com/reference/dockerfile/#copy
 */
export async function copySource(action: CopyAction, source: CopySource, scope: ActionScope): Promise<void> {
  const isPlanned = scope.files.root === undefined;
  const reader = new TreeReader(source.tree);
  const destination = new Destination(scope.files, action.replace);
  const { roots, filter, required } = selectSources(reader, action);
  let isRequiredThere = required === undefined;
  for (const root of roots) {
    if (action.unpack !== 'never' && (await isArchive(reader, root.entry))) {
      if (!(scope.files instanceof DiskFiles)) throw new CannotPlan('an archive is unpacked');
      const to = destination.locate(toBinary(action.destination));
      await unpackArchive({ reader, entry: root.entry, destination, to, scope: { ...scope, files: scope.files } });
      continue;
    }
    const target = prepareTarget(destination, incoming(root), toBinary(action.destination), scope.wanted);
    // Of what is planned, the content is looked at when it is read.
    const walk = isPlanned ? source.seen?.walk(walkName(action, root)) : undefined;
    await copySelection(
      {
        ...{ reader, filter, destination, walk, seen: source.seen, wanted: scope.wanted, pacer: scope.pacer },
        onEntry: (relative) => {
          if (required !== undefined && childPath(root.name, relative).startsWith(required)) isRequiredThere = true;
        },
      },
      root.entry,
      target,
    );
  }
  if (!isRequiredThere && required !== undefined) throw missingSource(reader, required);
}

function incoming({ name, entry }: SelectedRoot): Incoming {
  return { name, isDirectory: entry.stat.isDirectory() };
}
