import { lstatSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Database } from '../../../content/database.ts';
import { fullName, ImageNames, type NamedImage } from '../../../content/image-names.ts';
import { withoutNames } from '../../../content/load-images.ts';
import { imageNameAnnotation } from '../../../content/name-annotations.ts';
import { openStoreAsItIs, type ContentStore } from '../../../content/store.ts';
import { isKilnError } from '../../../diagnostic/kiln-error.ts';
import { CacheRecords } from '../../../cache/cache-records.ts';
import { parseDescriptor } from '../../../spec/descriptor.ts';
import { isObject, optionalArray, parseJsonObject } from '../../../spec/json.ts';
import { ValueError } from '../../../spec/value-error.ts';
import { imageGraph } from '../image-graph.ts';
import { storeLayers } from '../store-layers.ts';
import type { Damage } from './finding.ts';

/** Whether the database can be read, all of it, and `index.json` says the same of images. */
export function checkDatabase(root: string): readonly Damage[] {
  const problem = databaseProblem(root);
  if (problem !== undefined) {
    const subject = join(root, 'kiln.db');
    return [{ kind: 'database-damaged', subject, message: problem, repair: () => rebuild(root) }];
  }
  using store = openStoreAsItIs(root);
  if (!store.images.indexDiffers()) return [];
  return [
    {
      ...{ kind: 'index-differs', subject: join(root, 'index.json'), message: 'it is not what the database says' },
      repair: () => mendIndex(root),
    },
  ];
}

function databaseProblem(root: string): string | undefined {
  const [stranger] = strangers(root);
  if (stranger !== undefined) return `${stranger} is no file`;
  try {
    using store = openStoreAsItIs(root);
    const rows = store.database.all('pragma integrity_check');
    const problems = rows.map((row) => String(row.integrity_check)).filter((text) => text !== 'ok');
    if (problems.length > 0) return problems.slice(0, 3).join('; ');
    readTables(store);
    return undefined;
  } catch (error) {
    if (!isKilnError(error) || error.code !== 'content/database-damaged') throw error;
    return error.message;
  }
}

/** SQLite looks at its pages, not at what is written there. */
function readTables(store: ContentStore): void {
  store.images.list();
  store.holdings.list();
  store.layers.all();
  new CacheRecords(store.database).names();
  for (const { blob } of storeLayers(store.database)) {
    if (blob !== undefined) store.database.json(blob, parseDescriptor);
  }
  for (const row of store.database.all(jsonTables)) readValues(store.database, String(row.name));
}

/** What `jsonTable` makes: keys, and values of which rooms know the meaning. */
const jsonTables = `select name from sqlite_schema where type = 'table'
  and (select group_concat(name) from pragma_table_info(sqlite_schema.name)) = 'key,value'`;

function readValues(database: Database, table: string): void {
  const row = database.get(`select value from "${table}" where not json_valid(value) limit 1`);
  if (row) database.json(row.value, () => undefined);
}

/** Names that only the index has are those of a database that was lost, or of another tool: they stay, if their images are there. */
function mendIndex(root: string): string {
  using store = openStoreAsItIs(root);
  const lost = indexedImages(store).filter(({ name }) => !store.images.get(name));
  store.images.restore(lost);
  const names = lost.length === 0 ? '' : `, with ${lost.length} of its names that the database did not have`;
  return `written again${names}`;
}

/**
 * A new database, with the names that `index.json` knows, for images that are there. It takes the place of the old one in one
 * step; layers are unpacked or made again.
 */
function rebuild(root: string): string | undefined {
  using store = openStoreAsItIs(root);
  if (store.holdings.others() > 0) return undefined;
  const images = indexedImages(store);
  const aside = store.temporaryPath();
  {
    using database = new Database(aside);
    new ImageNames(database, join(root, 'index.json'), () => store.temporaryPath()).restore(images);
    database.settle();
  }
  const path = join(root, 'kiln.db');
  for (const other of [...strangers(root), `${path}-wal`, `${path}-shm`])
    rmSync(other, { recursive: true, force: true });
  renameSync(aside, path);
  return `made anew, with ${images.length} ${images.length === 1 ? 'name' : 'names'} of images from index.json`;
}

/** What is in the place of the database, or of what belongs to it, and is no file. SQLite follows no link to the latter. */
function strangers(root: string): readonly string[] {
  const path = join(root, 'kiln.db');
  const statOf = (name: string) => (name === path ? statSync : lstatSync)(name, { throwIfNoEntry: false });
  return [path, `${path}-wal`, `${path}-shm`].filter((name) => statOf(name)?.isFile() === false);
}

function indexedImages(store: ContentStore): readonly NamedImage[] {
  const index = readIndex(join(store.root, 'index.json'));
  return optionalArray(index?.manifests, 'manifests').flatMap((value) => {
    try {
      const descriptor = parseDescriptor(value);
      const stated = isObject(value) ? descriptor.annotations?.[imageNameAnnotation] : undefined;
      const target = withoutNames(descriptor);
      if (stated === undefined || imageGraph(store, target).parts.length === 0) return [];
      return [{ name: fullName(stated), target, updated: Date.now() }];
    } catch (error) {
      if (error instanceof ValueError) return [];
      throw error;
    }
  });
}

function readIndex(path: string): Readonly<Record<string, unknown>> | undefined {
  try {
    return parseJsonObject(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
