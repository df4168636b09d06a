import type { Database } from '../../content/database.ts';
import { isKilnError } from '../../diagnostic/kiln-error.ts';
import type { StatIndex } from '../../files/stat-index.ts';
import { fileSummary, type FileStat } from '../../system/file-stat.ts';
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

/**
 * Many rows as one text takes a third of the time that as many objects take. No path has two slashes in a row or one at its
 * end, and what else there is has none at all.
 */
const between = '//';
const columns = 3;
const readRows = `
  select group_concat(path || '${between}' || stat || '${between}' || digest, '${between}' order by path) as rows, max(path) as last, count(*) as count
  from (select path, stat, digest from stat_index where path >= ? order by path limit ?)`;

/** All rows from one path to another, both included: path, stat and digest of each, one row after the other. */
interface Window {
  readonly from: string;
  readonly to: string;
  readonly rows: readonly string[];
}

/** Digests of files of the user, as long as nothing says that they changed. Written when there are many, and when the build ends. */
export class DatabaseStatIndex implements StatIndex, Disposable {
  readonly #database: Database;
  readonly #fresh = new Map<string, { readonly stat: string; readonly digest: string }>();

  /** With so many files, as with many steps, more is made in passing than is kept. */
  #newSpace: SmallNewSpace | undefined;

  /** What was read last: files are asked for nearly in the order of their paths, and one by one they take three times as long. */
  #window: Window = { from: endOfPaths, to: '', rows: [] };
  /** Where the row is that was asked for last, or would be. */
  #at = 0;
  #windowSize = narrowest;
  /** How many of its rows were asked for. */
  #found = 0;

  constructor(database: Database) {
    this.#database = database;
    database.define('stat_index', [table]);
  }

  get(path: string, stat: FileStat): string | undefined {
    if (path < this.#window.from || path > this.#window.to) {
      this.#window = this.#read(path);
      this.#at = 0;
    }
    const { rows } = this.#window;
    // Mostly it is behind the one before.
    if (this.#at > 0 && path <= (rows[this.#at - columns] ?? '')) this.#at = 0;
    while (this.#at < rows.length && (rows[this.#at] ?? '') < path) this.#at += columns;
    if (rows[this.#at] !== path) return undefined;
    this.#found++;
    return Number(rows[this.#at + 1]) === fileSummary(stat) ? rows[this.#at + 2] : undefined;
  }

  set(path: string, stat: FileStat, digest: string): void {
    const changed = stat.ctimeNs > stat.mtimeNs ? stat.ctimeNs : stat.mtimeNs;
    if (changed + granularity > BigInt(Date.now()) * 1_000_000n) return;
    this.#fresh.set(path, { stat: String(fileSummary(stat)), digest });
    if (this.#fresh.size < most) return;
    this.flush();
    this.#newSpace ??= new SmallNewSpace();
  }

  #read(from: string): Window {
    // Whoever asks for few files, here and there, wants no others.
    const isUsed = this.#found * 2 >= this.#window.rows.length / columns;
    this.#windowSize = isUsed ? Math.min(this.#windowSize * 2, widest) : narrowest;
    this.#found = 0;
    const { rows, last, count } = this.#database.get(readRows, from, this.#windowSize) ?? {};
    const isLast = Number(count) < this.#windowSize || typeof last !== 'string';
    return { from, to: isLast ? endOfPaths : last, rows: typeof rows === 'string' ? rows.split(between) : [] };
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
