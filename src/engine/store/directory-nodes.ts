import { statSync } from 'node:fs';
import { join } from 'node:path';
import { jsonTable } from '../../content/key-value-table.ts';
import { holdingKey, type HoldingKind } from '../../content/holdings.ts';
import type { ContentStore } from '../../content/store.ts';
import type { RecordType, StoreNode } from './store-record.ts';
import { namesIn, type Survey } from './survey.ts';

interface DirectoryKind {
  /** Below the store. */
  readonly parent: string;
  readonly holding: HoldingKind;
  readonly type: RecordType;
  /** What it is called if nothing else is known. */
  readonly about: string;
}

/** Directories whose content is known by the name of the directory. */
export const directoryKinds: readonly DirectoryKind[] = [
  { parent: 'caches', holding: 'cache', type: 'exec.cachemount', about: 'cache mount' },
  { parent: 'http', holding: 'http', type: 'source.http', about: 'file from the web' },
  { parent: 'git/checkouts', holding: 'git-checkout', type: 'source.git.checkout', about: 'checkout of a repository' },
  { parent: 'git/repositories', holding: 'git-repository', type: 'source.git.repository', about: 'git repository' },
];

/** Where something is that a process can hold. */
export function holdingPath(store: ContentStore, kind: HoldingKind, name: string): string {
  const parent = directoryKinds.find(({ holding }) => holding === kind)?.parent;
  return parent === undefined ? store.blobs.path(name) : join(store.root, parent, name);
}

/** Cache mounts and what was fetched from elsewhere. */
export function directoryNodes(survey: Survey): readonly StoreNode[] {
  const sizeOf = directorySizes(survey);
  return directoryKinds.flatMap((kind) =>
    namesIn(join(survey.store.root, kind.parent)).flatMap(
      (name) => directoryNode(survey, kind, { name, sizeOf }) ?? [],
    ),
  );
}

type SizeOf = (key: string, path: string, used: number) => number;

/** What was measured since its last use is taken as it was, if about is enough. */
function directorySizes({ store, usage, isExact }: Survey): SizeOf {
  const known = jsonTable<{ readonly size: number; readonly used: number }>(store.database, 'directory_sizes');
  return (key, path, used) => {
    const before = known.get(key);
    if (!isExact && before?.used === used) return before.size;
    const size = usage.tree(path).bytes;
    if (before?.used !== used || before.size !== size) known.set(key, { size, used });
    return size;
  };
}

function directoryNode(
  { store, held: inUse, holding }: Survey,
  { parent, holding: kind, type, about }: DirectoryKind,
  { name, sizeOf }: { readonly name: string; readonly sizeOf: SizeOf },
): StoreNode | undefined {
  const path = join(store.root, parent, name);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  const held = holding(kind, name);
  const lastUsed = held?.used ?? stat.mtimeMs;
  const key = holdingKey(kind, name);
  return {
    ...{ id: name, key, type, description: held?.about || about, lastUsed },
    ...{
      size: sizeOf(key, path, lastUsed),
      created: held?.created ?? stat.birthtimeMs,
      parents: [],
      needs: [],
    },
    ...{ inUse: inUse.has(key), shared: false, reclaimable: !inUse.has(key), isHidden: false },
    place: { kind: 'holding', holding: kind, name, path },
  };
}
