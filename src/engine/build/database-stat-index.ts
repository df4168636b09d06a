import type { Database, Row } from '../../content/database.ts';
import { isKilnError } from '../../diagnostic/kiln-error.ts';
import type { StatIndex } from '../../files/stat-index.ts';
import type { FileStat } from '../../system/file-stat.ts';
import { SmallNewSpace } from '../../system/small-new-space.ts';

const table = `CREATE TABLE stat_index (path TEXT PRIMARY KEY, stat TEXT NOT NULL, digest TEXT NOT NULL) STRICT, WITHOUT ROWID`;

/** A file that was changed so shortly before it was hashed may have been changed again without a trace. Nanoseconds. */
const granularity = 20_000_000n;

/** How many are kept in memory before they are written. */
const most = 10_000;

/** Rows that are read at a time. */
const [narrowest, widest] = [4, 512];

/** After all absolute paths. */
const endOfPaths = '0';

/** All rows from one path to another, both included. */
interface Window {
  readonly from: string;
  readonly to: string;
  readonly rows: ReadonlyMap<string, Row>;
}

/** Digests of files of the user, as long as nothing says that they changed. Written when there are many, and when the build ends. */
export class DatabaseStatIndex implements StatIndex, Disposable {
  readonly #database: Database;
  readonly #fresh = new Map<string, { readonly stat: string; readonly digest: string }>();

  /** With so many files, as with many steps, more is made in passing than is kept. */
  #newSpace: SmallNewSpace | undefined;

  /** What was read last: files are asked for nearly in the order of their paths, and one by one they take three times as long. */
  #window: Window = { from: endOfPaths, to: '', rows: new Map() };
  #windowSize = narrowest;
  /** How many of its rows were asked for. */
  #found = 0;

  constructor(database: Database) {
    this.#database = database;
    database.define('stat_index', [table]);
  }

  get(path: string, stat: FileStat): string | undefined {
    if (path < this.#window.from || path > this.#window.to) this.#window = this.#read(path);
    const row = this.#window.rows.get(path);
    if (row) this.#found++;
    return row?.['stat'] === fingerprint(stat) && typeof row['digest'] === 'string' ? row['digest'] : undefined;
  }

  set(path: string, stat: FileStat, digest: string): void {
    const changed = stat.ctimeNs > stat.mtimeNs ? stat.ctimeNs : stat.mtimeNs;
    if (changed + granularity > BigInt(Date.now()) * 1_000_000n) return;
    this.#fresh.set(path, { stat: fingerprint(stat), digest });
    if (this.#fresh.size < most) return;
    this.flush();
    this.#newSpace ??= new SmallNewSpace();
  }

  #read(from: string): Window {
    // Whoever asks for few files, here and there, wants no others.
    this.#windowSize = this.#found * 2 >= this.#window.rows.size ? Math.min(this.#windowSize * 2, widest) : narrowest;
    this.#found = 0;
    const rows = this.#database.all(
      'SELECT path, stat, digest FROM stat_index WHERE path >= ? ORDER BY path LIMIT ?',
      ...[from, this.#windowSize],
    );
    const last = rows.at(-1)?.['path'];
    const to = rows.length < this.#windowSize || typeof last !== 'string' ? endOfPaths : last;
    return { from, to, rows: new Map(rows.map((row) => [String(row['path']), row])) };
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

function fingerprint({ dev, ino, mode, size, mtimeNs, ctimeNs }: FileStat): string {
  return [dev, ino, mode, size, mtimeNs, ctimeNs].join(' ');
}
