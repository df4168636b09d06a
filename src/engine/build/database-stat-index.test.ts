import { lstatSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, it } from 'vitest';
import { Database } from '../../content/database.ts';
import { DatabaseStatIndex } from './database-stat-index.ts';

describe('the stat index in the database', () => {
  it('knows each file that is what it was, whatever else is asked for', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kiln-test-'));
    const file = join(folder, 'file');
    writeFileSync(file, 'content');
    const stat = lstatSync(file, { bigint: true });
    stat.ctimeNs = stat.mtimeNs = 1n;
    const changed = Object.assign(Object.create(stat) as typeof stat, { size: 8n });
    using database = new Database(join(folder, 'db'));
    const path = fc.integer({ min: 0, max: 800 }).map((number) => `/c/${number.toString(7)}\u00e9${number % 3}/😀`);
    try {
      fc.assert(
        fc.property(
          fc.uniqueArray(path, { maxLength: 400, size: 'max' }),
          fc.array(path, { maxLength: 100, size: 'max' }),
          (known, asked) => {
            using writing = new DatabaseStatIndex(database);
            database.run('DELETE FROM stat_index');
            for (const one of known) writing.set(one, stat, `digest of ${one}`);
            writing.flush();
            using reading = new DatabaseStatIndex(database);
            const all = new Set(known);
            for (const one of [...asked, ...known.toSorted(), ...asked.toSorted()]) {
              const wanted = all.has(one) ? `digest of ${one}` : undefined;
              if (reading.get(one, stat) !== wanted || reading.get(one, changed) !== undefined) return false;
            }
            return true;
          },
        ),
        { numRuns: 20 },
      );
    } finally {
      database.close();
      rmSync(folder, { recursive: true });
    }
  });
});
