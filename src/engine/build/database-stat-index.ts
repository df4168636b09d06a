import type { BigIntStats } from 'node:fs';
import type { Database } from '../../content/database.ts';
import { isKilnError } from '../../diagnostic/kiln-error.ts';
import type { StatIndex } from '../../files/stat-index.ts';
import { SmallNewSpace } from '../../system/small-new-space.ts';

const table = `CREATE TABLE stat_index (path TEXT PRIMARY KEY, stat TEXT NOT NULL, digest TEXT NOT NULL) STRICT, WITHOUT ROWID`;

/** A file that was changed so shortly before it was hashed may have been changed again without a trace. Nanoseconds. */
const granularity = 20_000_000n;

/** How many are kept in memory before they are written. */
const most = 10_000;

/** Digests of files of the user, as long as nothing says that they changed. Written when there are many, and when the build ends. */
export class DatabaseStatIndex implements StatIndex, Disposable {
  readonly #database: Database;
  readonly #fresh = new Map<string, { readonly stat: string; readonly digest: string }>();

  /** With so many files, as with many steps, more is made in passing than is kept. */
  #newSpace: SmallNewSpace | undefined;

  constructor(database: Database) {
    this.#database = database;
    database.define('stat_index', [table]);
  }

  get(path: string, stat: BigIntStats): string | undefined {
    const row = this.#database.get('SELECT stat, digest FROM stat_index WHERE path = ?', path);
    return row?.['stat'] === fingerprint(stat) && typeof row['digest'] === 'string' ? row['digest'] : undefined;
  }

  set(path: string, stat: BigIntStats, digest: string): void {
    const changed = stat.ctimeNs > stat.mtimeNs ? stat.ctimeNs : stat.mtimeNs;
    if (changed + granularity > BigInt(Date.now()) * 1_000_000n) return;
    this.#fresh.set(path, { stat: fingerprint(stat), digest });
    if (this.#fresh.size < most) return;
    this.flush();
    this.#newSpace ??= new SmallNewSpace();
  }

  /** Keeps what was learned, if it can be: without it, files are read once more. */
  flush(): void {
    if (this.#fresh.size === 0) return;
    try {
      this.#database.transaction(() => {
        for (const [path, { stat, digest }] of this.#fresh) {
          this.#database.run('INSERT OR REPLACE INTO stat_index VALUES (?, ?, ?)', path, stat, digest);
        }
      });
    } catch (error) {
      if (!isKilnError(error)) throw error;
    }
    this.#fresh.clear();
  }

  [Symbol.dispose](): void {
    this.flush();
    this.#newSpace?.[Symbol.dispose]();
  }
}

function fingerprint({ dev, ino, mode, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return [dev, ino, mode, size, mtimeNs, ctimeNs].join(' ');
}
