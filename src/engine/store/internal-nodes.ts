import { join } from 'node:path';
import { LayerUsage } from '../../snapshot/layer-usage.ts';
import { directoryKinds } from './directory-nodes.ts';
import { isBlobName } from './blob-nodes.ts';
import type { StoreNode } from './store-record.ts';
import { namesIn, type Survey } from './survey.ts';

/** What else there is: the database and directories as such, what processes are writing, what killed ones have left. */
export function internalNodes(survey: Survey): readonly StoreNode[] {
  const { store, usage } = survey;
  const left = [
    ...abandonedLayers(survey).map((path) => ({ path, about: 'layer that nothing refers to' })),
    ...store.abandonedFiles().map((path) => ({ path, about: 'left by a process that was killed' })),
  ];
  const abandoned = left.map(({ path, about }) => leftover(path, about, usage.tree(path).bytes));
  const writing = namesIn(join(store.root, 'tmp'))
    .map((name) => join(store.root, 'tmp', name))
    .filter((path) => !left.some((one) => one.path === path));
  return [
    ...abandoned,
    ...(writing.length > 0 ? [beingWritten(writing.reduce((sum, path) => sum + usage.tree(path).bytes, 0))] : []),
    database(rest(survey)),
  ];
}

/** Directories of layers that no record has: of processes that were killed in between. */
export function abandonedLayers({ store }: Pick<Survey, 'store'>): readonly string[] {
  const layers = new LayerUsage(store.database);
  const root = join(store.root, 'snapshots');
  // Nobody makes one meanwhile.
  return store.database.transaction(() => {
    const known = layers.directories();
    return namesIn(root)
      .filter((name) => !known.has(name))
      .map((name) => join(root, name));
  });
}

function leftover(path: string, description: string, size: number): StoreNode {
  return {
    ...{ id: path, key: `path ${path}`, type: 'internal', description, size, created: undefined, lastUsed: undefined },
    ...{ parents: [], needs: [], inUse: false, shared: false, reclaimable: true, isHidden: false },
    place: { kind: 'abandoned', path },
  };
}

const nothing = { created: undefined, lastUsed: undefined, parents: [], needs: [], shared: false } as const;

function beingWritten(size: number): StoreNode {
  return {
    ...{ id: 'tmp', key: 'tmp', type: 'internal', description: 'being written', size, ...nothing },
    ...{ inUse: true, reclaimable: false, isHidden: false, place: { kind: 'fixed' } },
  };
}

function database(size: number): StoreNode {
  return {
    ...{
      id: 'store',
      key: 'store',
      type: 'internal',
      description: 'database, index, logs and directories',
      size,
      ...nothing,
    },
    ...{ inUse: true, reclaimable: false, isHidden: false, place: { kind: 'fixed' } },
  };
}

/** Directories that hold records, without them, and files of the store itself. */
function rest({ store, usage }: Survey): number {
  const { root } = store;
  // What is in the log is counted with the database.
  store.database.settle();
  const holders = ['blobs', 'snapshots', 'git', 'tmp', ...directoryKinds.map(({ parent }) => parent)];
  const known = new Set(holders.map((path) => path.split('/', 1)[0]));
  const others = namesIn(root).filter((name) => !known.has(name) && !/^kiln\.db-(?:wal|shm)$/.test(name));
  const strangers = namesIn(join(root, 'blobs')).flatMap((algorithm) =>
    namesIn(join(root, 'blobs', algorithm))
      .filter((hex) => !isBlobName(algorithm, hex))
      .map((hex) => `blobs/${algorithm}/${hex}`),
  );
  const algorithms = namesIn(join(root, 'blobs')).map((algorithm) => `blobs/${algorithm}`);
  return [
    usage.own(root),
    ...[...holders, ...algorithms].map((path) => usage.own(join(root, path))),
    ...[...others, ...strangers].map((path) => usage.tree(join(root, path)).bytes),
  ].reduce((sum, bytes) => sum + bytes, 0);
}
