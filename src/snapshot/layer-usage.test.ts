import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Database } from '../content/database.ts';
import { LayerUsage } from './layer-usage.ts';
import { snapshotMigrations, SnapshotTable } from './snapshot-table.ts';

function newDatabase(): Database {
  const folder = mkdtempSync(join(tmpdir(), 'kiln-test-'));
  const database = new Database(join(folder, 'kiln.db'));
  onTestFinished(() => {
    database.close();
    rmSync(folder, { recursive: true });
  });
  return database;
}

const layer = (chain: string, parent: string, more: { directory?: string; blob?: string } = {}) => ({
  ...{ chain, parent, diffId: `sha256:${chain}`, created: 1, since: 0n },
  ...{ directory: more.directory, blob: more.blob },
});

describe('The layers of a store', () => {
  it('of an earlier Kiln are still there, used at no time that is known', () => {
    const path = join(mkdtempSync(join(tmpdir(), 'kiln-test-')), 'kiln.db');
    onTestFinished(() => {
      rmSync(join(path, '..'), { recursive: true });
    });
    using earlier = new Database(path);
    earlier.define('snapshot', snapshotMigrations.slice(0, 1));
    earlier.run(`insert into snapshot values ('a', '', 'sha256:a', '1', null, 5, '7')`);
    earlier.close();
    using now = new Database(path);
    const record = {
      chain: 'a',
      parent: '',
      diffId: 'sha256:a',
      directory: '1',
      blob: undefined,
      created: 5,
      since: 7n,
    };
    expect(new SnapshotTable(now, () => undefined).find('a')).toEqual(record);
    expect(new LayerUsage(now).list()).toEqual([{ ...record, used: 0, size: undefined }]);
  });

  it('are removed from the top down, their directory when the last of them goes', () => {
    const database = newDatabase();
    const table = new SnapshotTable(database, () => undefined);
    const usage = new LayerUsage(database);
    for (const one of [layer('a', '', { directory: 'x' }), layer('b', 'a'), layer('c', '', { directory: 'x' })]) {
      table.add(one);
    }
    expect(usage.remove('a')).toBeUndefined();
    expect(usage.remove('b')).toEqual({ directory: undefined });
    expect(usage.remove('a')).toEqual({ directory: undefined });
    expect(usage.remove('c')).toEqual({ directory: 'x' });
    expect(usage.remove('c')).toBeUndefined();
  });

  it('are held before they are looked for, and are whole only with all below them', () => {
    const database = newDatabase();
    const held: string[] = [];
    const table = new SnapshotTable(database, (chain) => held.push(chain));
    table.add(layer('b', 'a'));
    expect([table.has('b'), table.has('none')]).toEqual([false, false]);
    table.add(layer('a', ''));
    expect(table.has('b')).toBe(true);
    expect(held).toEqual(['b', 'a', 'none']);
  });

  it('say which of them a blob is for', () => {
    const database = newDatabase();
    const table = new SnapshotTable(database, () => undefined);
    const usage = new LayerUsage(database);
    const blob = JSON.stringify({ mediaType: '', digest: 'sha256:1', size: 1 });
    table.add(layer('a', '', { blob }));
    table.add(layer('b', 'a', { blob, directory: 'x' }));
    expect(usage.madeFrom('sha256:1')).toEqual([
      { chain: 'a', isUnpacked: false },
      { chain: 'b', isUnpacked: true },
    ]);
    usage.dropUsableBlob('sha256:1');
    expect(usage.madeFrom('sha256:1')).toEqual([{ chain: 'a', isUnpacked: false }]);
  });
});
