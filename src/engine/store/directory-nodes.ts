import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { HoldingKind } from '../../content/holdings.ts';
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
  return directoryKinds.flatMap((kind) =>
    namesIn(join(survey.store.root, kind.parent)).flatMap((name) => directoryNode(survey, kind, name) ?? []),
  );
}

function directoryNode(
  { store, usage, horizon, holding }: Survey,
  { parent, holding: kind, type, about }: DirectoryKind,
  name: string,
): StoreNode | undefined {
  const path = join(store.root, parent, name);
  const stat = statSync(path, { throwIfNoEntry: false });
  if (!stat) return undefined;
  const held = holding(kind, name);
  const lastUsed = held?.used ?? stat.mtimeMs;
  return {
    ...{ id: name, key: `${kind} ${name}`, type, description: held?.about || about, uses: held?.uses ?? 0, lastUsed },
    ...{ size: usage.tree(path).bytes, created: held?.created ?? stat.birthtimeMs, parents: [], needs: [] },
    ...{ inUse: lastUsed >= horizon, shared: false, reclaimable: lastUsed < horizon, isHidden: false },
    place: { kind: 'holding', holding: kind, name, path },
  };
}
