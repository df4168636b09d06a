import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { isKilnError, type KilnError } from '../diagnostic/kiln-error.ts';
import { Database } from './database.ts';
import { jsonTable } from './key-value-table.ts';
import { parseDigest } from '../spec/digest.ts';
import { openContentStore } from './store.ts';
import { TestStore } from './testing.ts';

describe('Database', () => {
  it('brings tables up to date, a migration at a time', () => {
    using test = new TestStore();
    const { database } = test.store;
    const first = 'create table things (name text primary key) strict';
    const second = `alter table things add column size integer not null default 7`;
    database.define('things', [first]);
    database.run('insert into things values (?)', 'a');
    using later = new Database(join(test.store.root, 'kiln.db'));
    later.define('things', [first, second]);
    expect(later.all('select * from things')).toEqual([{ name: 'a', size: 7 }]);
  });

  it('leaves what it has written in the log, for others to put where it belongs', () => {
    using test = new TestStore();
    const path = join(test.store.root, 'kiln.db');
    const log = () => statSync(`${path}-wal`, { throwIfNoEntry: false })?.size;
    const table = 'create table things (name text primary key) strict';
    {
      using writer = new Database(path);
      writer.define('things', [table]);
      writer.run('insert into things values (?)', 'a');
    }
    expect(log()).toBeGreaterThan(0);
    {
      using reader = new Database(path);
      reader.define('things', [table]);
      expect(reader.all('select * from things')).toEqual([{ name: 'a' }]);
    }
    expect(log()).toBeUndefined();
    using later = new Database(path);
    expect(later.all('select * from things')).toEqual([{ name: 'a' }]);
  });

  it('begins the log before it is needed, and anew when it is long', () => {
    using test = new TestStore();
    const { root, database } = test.store;
    const log = () => statSync(join(root, 'kiln.db-wal')).size;
    database.define('things', ['create table things (bytes blob) strict']);
    database.run('insert into things values (zeroblob(2000000))');
    expect(log()).toBeGreaterThan(2_000_000);
    database.getReady();
    expect(log()).toBeLessThan(10_000);
    const before = log();
    database.getReady();
    expect(log()).toBe(before);
  });

  it('waits for nobody to get ready', () => {
    using test = new TestStore();
    const { root, database } = test.store;
    database.define('things', ['create table things (name text primary key) strict']);
    database.close();
    // The log is where it belongs now.
    test.store.images.list();
    database.close();
    using other = new Database(join(root, 'kiln.db'));
    other.transaction(() => {
      const begun = performance.now();
      database.getReady();
      expect(performance.now() - begun).toBeLessThan(5_000);
    });
    database.run('insert into things values (?)', 'a');
    expect(other.all('select * from things')).toEqual([{ name: 'a' }]);
  });

  it('refuses a store of a later version', () => {
    using test = new TestStore();
    test.store.database.define('things', ['create table things (a integer)', 'create table more (a integer)']);
    using earlier = new Database(join(test.store.root, 'kiln.db'));
    expect(() => {
      earlier.define('things', ['create table things (a integer)']);
    }).toThrow(/^the store was made by a newer Kiln: .*kiln.db$/);
    test.store.database.transaction(() => {
      test.store.database.run('pragma user_version = 99');
    });
    using other = openContentStore(test.store.root);
    expect(() => other.images.list()).toThrow(/^the store was made by a newer Kiln: .*kiln.db$/);
  });

  it.each([
    { damage: 'is something else', harm: () => 'hello\n'.repeat(1000) },
    { damage: 'ends early', harm: (bytes: Buffer) => bytes.subarray(0, 5000) },
    { damage: 'is overwritten', harm: (bytes: Buffer) => bytes.fill(0x5a, 100) },
    {
      damage: 'lost a table',
      harm: (bytes: Buffer) =>
        bytes.toString('latin1').replace('imagesimages', 'imagezimagez').replace('TABLE images', 'TABLE imagez'),
    },
    {
      damage: 'lost a name',
      harm: (bytes: Buffer) => bytes.toString('latin1').replaceAll('"mediaType"', '"me\u0001iaType"'),
    },
  ])('says what to do about a file that $damage', ({ harm }) => {
    using test = new TestStore();
    const { root, images, database } = test.store;
    images.set('busybox', { mediaType: 'm', digest: parseDigest(`sha256:${'0'.repeat(64)}`), size: 1 });
    database.close();
    // It is in the log, until somebody has read it.
    images.list();
    database.close();
    const path = join(root, 'kiln.db');
    const harmed = harm(readFileSync(path));
    writeFileSync(path, typeof harmed === 'string' ? Buffer.from(harmed, 'latin1') : harmed);
    using again = openContentStore(root);
    const error = thrownBy(() => again.images.list());
    expect(error).toMatchObject({ code: 'content/database-damaged' });
    expect(error.message).toContain(`the database of the store, ${path}, is damaged: `);
    expect(error.hint).toBe(
      'kiln store check --repair makes a new one; or name another place with --root or KILN_ROOT',
    );
  });

  it('says what to do about a file that cannot be opened', () => {
    using test = new TestStore();
    test.store.database.close();
    mkdirSync(join(test.store.root, 'kiln.db'));
    expect(thrownBy(() => test.store.images.list())).toMatchObject({
      code: 'content/database-failed',
      message: `the database of the store, ${join(test.store.root, 'kiln.db')}: unable to open database file`,
      hint: 'the store must be a directory that is writable; name another place with --root or KILN_ROOT',
    });
  });

  it('does not take a file for damaged that the disk cannot read', () => {
    using test = new TestStore();
    const path = join(test.store.root, 'kiln.db');
    const message = `the database of the store, ${path}: file is not a database: i/o error`;
    test.store.database.close();
    writeFileSync(path, 'hello\n'.repeat(1000));
    // Its first page belongs to nobody, so reading it is an I/O error.
    symlinkSync('/proc/self/mem', `${path}-wal`);
    const hint = 'look at the disk of the store: it does not work';
    expect(thrownBy(() => test.store.images.list())).toMatchObject({ code: 'content/database-failed', message, hint });
    rmSync(`${path}-wal`);
    expect(thrownBy(() => test.store.images.list())).toMatchObject({ code: 'content/database-damaged' });
  });

  it('keeps nothing of a transaction that fails', () => {
    using test = new TestStore();
    const table = jsonTable<number>(test.store.database, 'numbers');
    table.set('a', 1);
    expect(() => {
      test.store.database.transaction(() => {
        table.set('a', 2);
        throw new Error('no');
      });
    }).toThrow('no');
    expect(table.get('a')).toBe(1);
  });

  it('is written to by several processes at once', async () => {
    using test = new TestStore();
    const script = `import { openContentStore } from ${JSON.stringify(join(import.meta.dirname, 'store.ts'))};
      using store = openContentStore(${JSON.stringify(test.store.root)});
      for (let n = 0; n < 50; n++) store.images.set('image-' + process.argv[1] + ':' + n,
        { mediaType: 'm', digest: 'sha256:' + '0'.repeat(64), size: n });`;
    const children = ['a', 'b', 'c'].map((name) =>
      spawn(
        process.execPath,
        ['--input-type=module-typescript', '--disable-warning=ExperimentalWarning', '-e', script, name],
        {
          stdio: 'inherit',
        },
      ),
    );
    const codes = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as number));
    expect(codes).toEqual([0, 0, 0]);
    expect(test.store.images.list()).toHaveLength(150);
  });
});

describe('jsonTable', () => {
  it('keeps values by key', () => {
    using test = new TestStore();
    const table = jsonTable<{ readonly size: number }>(test.store.database, 'sizes');
    table.set('b/1', { size: 1 });
    table.set('a', { size: 2 });
    table.set('b/0', { size: 3 });
    expect(table.get('a')).toEqual({ size: 2 });
    expect(table.entries('b/')).toEqual([
      ['b/0', { size: 3 }],
      ['b/1', { size: 1 }],
    ]);
    expect([table.delete('a'), table.delete('a'), table.get('a')]).toEqual([true, false, undefined]);
  });
});

function thrownBy(work: () => unknown): KilnError {
  try {
    work();
  } catch (error) {
    if (isKilnError(error)) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
