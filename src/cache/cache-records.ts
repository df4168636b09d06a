import type { Database } from '../content/database.ts';
import type { CacheKey, KeyPart } from './cache-key.ts';

/** A step that was run: what decided its result, and the result. */
export interface CacheRecord {
  readonly key: string;
  readonly parts: readonly KeyPart[];
  /** What the step is called: `[2/3] RUN make`. */
  readonly name: string;
  /** Chain id of the layers. */
  readonly chain: string;
}

/** The results of steps, by their keys; and the digests of what was selected from them. */
export class CacheRecords {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    database.define('cache', [tables, index]);
  }

  /** Chain of the result of an earlier run. */
  find({ digest }: CacheKey): string | undefined {
    return textOf(this.#database.get('SELECT chain FROM cache_record WHERE key = ?', digest)?.['chain']);
  }

  /** Keeps a result; it takes the place of an earlier one. */
  add({ key, parts, name, chain }: CacheRecord): void {
    const sql = 'INSERT OR REPLACE INTO cache_record VALUES (?, ?, ?, ?, ?)';
    this.#database.run(sql, key, JSON.stringify(parts), name, chain, Date.now());
  }

  /** Digest of what a selector selects from a chain, if it was asked for before. */
  selection(chain: string, selector: string): string | undefined {
    const sql = 'SELECT digest FROM cache_selection WHERE chain = ? AND selector = ?';
    return textOf(this.#database.get(sql, chain, selector)?.['digest']);
  }

  addSelection(chain: string, selector: string, digest: string): void {
    this.#database.run('INSERT OR REPLACE INTO cache_selection VALUES (?, ?, ?)', chain, selector, digest);
  }

  /** By chain, the name of the last step that it was the result of. */
  names(): ReadonlyMap<string, string> {
    const rows = this.#database.all('SELECT chain, name, max(created) FROM cache_record GROUP BY chain');
    return new Map(rows.map(({ chain, name }) => [String(chain), String(name)]));
  }

  /** Forgets all that is known of a chain that is removed. */
  forget(chain: string): void {
    this.#database.run('DELETE FROM cache_record WHERE chain = ?', chain);
    this.#database.run('DELETE FROM cache_selection WHERE chain = ?', chain);
  }
}

const tables = `
  CREATE TABLE cache_record (
    key TEXT PRIMARY KEY, parts TEXT NOT NULL, name TEXT NOT NULL, chain TEXT NOT NULL, created INTEGER NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE cache_selection (
    chain TEXT NOT NULL, selector TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (chain, selector)
  ) STRICT, WITHOUT ROWID;
`;

const index = 'CREATE INDEX cache_record_chain ON cache_record (chain)';

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
