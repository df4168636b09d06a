import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { CacheRecords } from '../../cache/cache-records.ts';
import { jsonTable } from '../../content/key-value-table.ts';
import { openContentStore, type ContentStore } from '../../content/store.ts';
import { TestStore, testImage } from '../../content/testing.ts';
import { LayerUsage } from '../../snapshot/layer-usage.ts';
import { chainId, parseDiffId } from '../../spec/digest.ts';
import { descriptorToJson } from '../../spec/descriptor.ts';
import { digestBytes, sha256Hex } from '../../content/hash.ts';
import { checkStore } from './check.ts';
import { storeUsage } from './du.ts';
import { listImages } from './images.ts';
import { pruneStore } from './prune.ts';

/* Rows that are not what was written, in every table: pages that SQLite takes for whole may hold anything. */

/** A row in every table that commands for stores read. */
function fill(store: ContentStore): void {
  const image = testImage({ file: 'content' });
  for (const bytes of Object.values(image.files)) store.blobs.put(bytes);
  store.images.set('busybox', image.target);
  const diffId = parseDiffId(digestBytes(image.layer));
  const layer = { mediaType: 'm', digest: digestBytes(image.layer), size: image.layer.length };
  store.layers.set(diffId, 'uncompressed', layer);
  const chain = chainId(undefined, diffId, sha256Hex);
  new LayerUsage(store.database);
  const insert =
    'insert into snapshot (chain, parent, diff_id, directory, blob, created, since) values (?, ?, ?, ?, ?, ?, ?)';
  store.database.run(insert, chain, '', diffId, null, JSON.stringify(descriptorToJson(layer)), 0, '0');
  store.database.run(insert, digestBytes('a'), chain, digestBytes('b'), 'a', null, 1000, '5');
  mkdirSync(join(store.root, 'snapshots/a/fs'), { recursive: true });
  const records = new CacheRecords(store.database);
  records.addSelection(chain, '/', digestBytes('c'));
  records.add({ key: 'k', parts: [], name: 'RUN a', chain: digestBytes('a') });
  mkdirSync(join(store.root, 'caches/id'), { recursive: true });
  writeFileSync(join(store.root, 'caches/id/file'), 'a');
  store.holdings.hold('cache', 'id', 'a cache');
  jsonTable(store.database, 'store_times').set('collected', 1);
  jsonTable(store.database, 'layer_sizes').set(diffId, 1);
  jsonTable(store.database, 'directory_sizes').set('cache id', { size: 1, used: 1 });
  jsonTable(store.database, 'rewritten_layers').set(`${chain} 1`, { diffId });
  store.holdings.flush();
}

const everything = {
  ...{ all: true, keepDuration: 0, reservedSpace: 0, maxUsedSpace: 0, minFreeSpace: 0 },
  matches: () => true,
};

/** Every column with text, as "table column". */
function columns(): readonly string[] {
  using probe = new TestStore();
  fill(probe.store);
  const sql = `select t.name || ' ' || c.name as at from sqlite_schema t, pragma_table_info(t.name) c
    where t.type = 'table' and t.name not like 'sqlite%' and t.name <> 'schemas' and c.type = 'TEXT'`;
  return probe.store.database.all(sql).map(({ at }) => String(at));
}

/** Writes past what SQLite itself would refuse. */
function damage(root: string, column: string, value: string): void {
  const [table = '', name = ''] = column.split(' ');
  using store = openContentStore(root);
  const indexes = store.database.all("select name from sqlite_schema where type = 'index' and sql like '%json%'");
  for (const index of indexes) store.database.run(`drop index ${String(index.name)}`);
  const first = `(select ${name} from ${table} where ${name} <> '' limit 1)`;
  const changed = store.database.run(`update ${table} set ${name} = ? where ${name} = ${first}`, value);
  expect(changed).toBeGreaterThan(0);
}

/** What is thrown has to be for people. */
async function use(root: string): Promise<void> {
  for (const work of [storeUsage, listImages]) {
    await work(root).catch((error: unknown) => {
      expect(error).toMatchObject({
        code: 'content/database-damaged',
        hint: 'kiln store check --repair makes a new one; or name another place with --root or KILN_ROOT',
      });
    });
  }
}

test.each(columns())('Whatever is in the column %s, it is told, found and mended', async (column) => {
  for (const value of ['x', '[', '{}', '\u0000', '../../outside']) {
    using one = new TestStore();
    const { root } = one.store;
    mkdirSync(join(one.folder, 'outside'));
    fill(one.store);
    one.store[Symbol.dispose]();
    damage(root, column, value);
    await use(root);
    const { findings } = await checkStore(root, { repair: false, deep: true });
    // Who is told of nothing has to be able to clean it.
    if (findings.length === 0) await pruneStore(root, everything);
    for (let count = 0; count < 2; count++) await checkStore(root, { repair: true, deep: true });
    expect((await checkStore(root, { repair: false, deep: true })).findings).toEqual([]);
    await storeUsage(root);
    await listImages(root);
    await pruneStore(root, everything);
    expect(existsSync(join(one.folder, 'outside'))).toBe(true);
  }
});

test('A row that is no JSON is a damaged database, and says which', async () => {
  using one = new TestStore();
  const { root } = one.store;
  fill(one.store);
  one.store[Symbol.dispose]();
  damage(root, 'snapshot blob', 'x');
  const path = join(root, 'kiln.db');
  await expect(storeUsage(root)).rejects.toThrow(`the database of the store, ${path}, is damaged: `);
  await expect(pruneStore(root, everything)).rejects.toThrow(`the database of the store, ${path}, is damaged: `);
  const { findings } = await checkStore(root, { repair: true, deep: false });
  expect(findings[0]).toMatchObject({ kind: 'database-damaged', subject: path });
  expect(findings[0]?.repaired).toBe('made anew, with 1 name of images from index.json');
});
