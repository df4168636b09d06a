import { lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Database } from '../../content/database.ts';
import { DatabaseStatIndex } from './database-stat-index.ts';

describe('the stat index in the database', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kiln-test-'));
  const file = join(folder, 'file');
  writeFileSync(file, 'content');
  const stat = lstatSync(file, { bigint: true });
  stat.ctimeNs = stat.mtimeNs = 1n;
  const changed = Object.assign(Object.create(stat) as typeof stat, { size: 8n });
  rmSync(folder, { recursive: true });

  const withDatabase = (work: (database: Database) => void) => {
    const place = mkdtempSync(join(tmpdir(), 'kiln-test-'));
    const database = new Database(join(place, 'db'));
    try {
      work(database);
    } finally {
      database.close();
      rmSync(place, { recursive: true });
    }
  };

  it.each([
    { where: 'a directory of its own', place: (number: number) => `/c/${number.toString(7)}\u00e9${number % 3}/😀` },
    { where: 'some directories', place: (number: number) => `/c/${number % 5}/${'d/'.repeat(number % 4)}${number}` },
    { where: 'one directory', place: (number: number) => `/${String.fromCodePoint(0xd7f0 + number * 37)}${number}` },
  ])('knows each file that is what it was, in $where, whatever else is asked for', ({ place }) => {
    withDatabase((database) => {
      const path = fc.integer({ min: 0, max: 3000 }).map((number) => place(number));
      const paths = fc.uniqueArray(
        path.filter((one) => one.isWellFormed()),
        { maxLength: 2000, size: 'max' },
      );
      fc.assert(
        fc.property(paths, paths, fc.array(path, { maxLength: 100, size: 'max' }), (known, later, asked) => {
          using writing = new DatabaseStatIndex(database);
          database.run('DELETE FROM stat_chunks');
          for (const some of [known, later]) {
            for (const one of some) writing.set(one, stat, digestOf(one));
            writing.flush();
          }
          using reading = new DatabaseStatIndex(database);
          const all = new Set([...known, ...later]);
          for (const one of [...asked, ...[...all].sort(), ...asked.toSorted()]) {
            const wanted = all.has(one) ? digestOf(one) : undefined;
            if (reading.get(one, stat) !== wanted || reading.get(one, changed) !== undefined) return false;
          }
          return true;
        }),
        { numRuns: 20 },
      );
    });
  });

  it('keeps the files of a large directory in parts', () => {
    withDatabase((database) => {
      using index = new DatabaseStatIndex(database);
      for (let number = 0; number < 30_000; number++) index.set(`/c/${number}`, stat, 'digest');
      index.flush();
      const { longest, count } =
        database.get('SELECT max(length(files)) AS longest, count(*) AS count FROM stat_chunks') ?? {};
      expect(longest).toBeLessThan(30_000);
      expect(count).toBeGreaterThan(50);
    });
  });
});

/** It has no slash. */
function digestOf(path: string): string {
  return Buffer.from(path).toString('hex');
}
