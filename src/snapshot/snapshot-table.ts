import type { Database, Row } from '../content/database.ts';
import { isKilnError } from '../diagnostic/kiln-error.ts';
import { useGranularity } from '../content/holdings.ts';

/** A layer on top of others. */
export interface SnapshotRecord {
  /** Identifies the layer and all below it. */
  readonly chain: string;
  /** Chain of those below; empty for none. */
  readonly parent: string;
  /** Digest of its uncompressed tar. */
  readonly diffId: string;
  /** Its directory below `snapshots`; absent as long as nobody needed it. */
  readonly directory: string | undefined;
  /** JSON of the descriptor of the blob it can be made from; absent if a step made its directory. */
  readonly blob: string | undefined;
  /** When it was made, in ms since 1970; 0 for layers of images. */
  readonly created: number;
  /** Files that are no older than this were written by a step: ns since 1970; 0 for layers of images. */
  readonly since: bigint;
}

/** Puts a layer where a name says, and removes it again if it cannot be kept. */
export interface DirectoryMover {
  readonly move: (name: string) => void;
  readonly remove: (name: string) => void;
}

/** The layers that the store knows. */
export class SnapshotTable {
  readonly #database: Database;
  readonly #hold: (chain: string) => void;
  readonly #held = new Set<string>();
  /** Those that were found and have a directory: nothing about them changes but here. */
  readonly #known = new Map<string, SnapshotRecord>();
  /** Those that were found with all below them. */
  readonly #whole = new Set<string>();
  /** Those whose use is news. */
  readonly #news = new Set<string>();

  /** @param hold holds a layer until the process ends, if it is there */
  constructor(database: Database, hold: (chain: string) => void) {
    this.#database = database;
    this.#hold = hold;
    database.define('snapshot', snapshotMigrations);
  }

  /** A layer that was found stays until the process ends. */
  find(chain: string): SnapshotRecord | undefined {
    this.#holdFirst(chain);
    return this.#select(chain);
  }

  /** Whether a chain is known, and all of it; then it stays. */
  has(chain: string): boolean {
    const walked: string[] = [];
    for (let at = chain; at !== '' && !this.#whole.has(at);) {
      const record = this.find(at);
      if (!record) return false;
      walked.push(at);
      at = record.parent;
    }
    for (const one of walked) this.#whole.add(one);
    return true;
  }

  /** The layers of a chain, bottom first; undefined if it is not known, or not all of it. */
  stack(chain: string): readonly SnapshotRecord[] | undefined {
    const records: SnapshotRecord[] = [];
    for (let at = chain; at !== '';) {
      const record = this.find(at);
      if (!record) return undefined;
      records.push(record);
      at = record.parent;
    }
    return records.reverse();
  }

  /** Adds a record; one of the same chain keeps what it has and gets what it lacks. If there is nothing new, nothing is written. */
  add({ chain, parent, diffId, directory, blob, created, since }: SnapshotRecord): void {
    const known = this.find(chain);
    const isNew = directory !== undefined && known?.directory === undefined;
    if (known && !isNew && (blob === undefined || known.blob !== undefined)) return;
    const sql = `INSERT INTO snapshot (chain, parent, diff_id, directory, blob, created, since, used)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chain) DO UPDATE SET used = max(snapshot.used, excluded.used),
      directory = coalesce(snapshot.directory, excluded.directory), blob = coalesce(snapshot.blob, excluded.blob)`;
    this.#known.delete(chain);
    const values = [chain, parent, diffId, directory ?? null, blob ?? null, created, String(since)];
    this.#database.run(sql, ...values, Date.now());
  }

  /** Another blob for a layer of a step that is nothing else: what it had may be lost. */
  replaceBlob(chain: string, blob: string): void {
    const sql = 'UPDATE snapshot SET blob = ? WHERE chain = ? AND directory IS NULL AND created > 0 AND blob <> ?';
    this.#database.run(sql, blob, chain, blob);
  }

  /**
   * Gives a layer a directory, which is moved where its name says; unless it has got one by now, from another process. The
   * record as it is then is the answer. If the process dies in between, there is neither a name nor a record.
   */
  addDirectory(record: Omit<SnapshotRecord, 'directory'>, { move, remove }: DirectoryMover): SnapshotRecord {
    // It may be there, and nobody may have used it for long.
    this.#holdFirst(record.chain);
    let moved: string | undefined;
    try {
      return this.#database.transaction(() =>
        this.#addDirectory(record, (name) => {
          moved = name;
          move(name);
        }),
      );
    } catch (error) {
      if (moved !== undefined) this.#removeUnknown(moved, remove);
      throw error;
    }
  }

  #addDirectory(record: Omit<SnapshotRecord, 'directory'>, move: (name: string) => void): SnapshotRecord {
    const known = this.#select(record.chain);
    if (known?.directory !== undefined) return known;
    this.#database.run('INSERT INTO snapshot_directory DEFAULT VALUES');
    const row = this.#database.get('SELECT last_insert_rowid() AS id');
    const directory = Number(row?.['id']).toString(36);
    move(directory);
    this.add({ ...record, directory });
    return { ...record, ...known, directory };
  }

  /** What a full disk kept out of the database; by now, another process may have given the name to a layer of its own. */
  #removeUnknown(name: string, remove: (name: string) => void): void {
    try {
      this.#database.transaction(() => {
        if (!this.#database.get('SELECT 1 FROM snapshot WHERE directory = ?', name)) remove(name);
      });
    } catch (error) {
      if (!isKilnError(error)) throw error;
    }
  }

  /** Writes down which layers were used, if that is news: once, at the end. If that cannot be done, they only seem older. */
  flush(): void {
    if (this.#news.size === 0) return;
    const now = Date.now();
    try {
      this.#database.transaction(() => {
        for (const chain of this.#news) this.#database.run('UPDATE snapshot SET used = ? WHERE chain = ?', now, chain);
      });
    } catch (error) {
      if (!isKilnError(error)) throw error;
    }
    this.#news.clear();
  }

  #holdFirst(chain: string): void {
    if (this.#held.has(chain)) return;
    this.#hold(chain);
    this.#held.add(chain);
  }

  #select(chain: string): SnapshotRecord | undefined {
    const known = this.#known.get(chain);
    if (known) return known;
    const row = this.#database.get('SELECT * FROM snapshot WHERE chain = ?', chain);
    if (!row) return undefined;
    if (Number(row['used']) + useGranularity < Date.now()) this.#news.add(chain);
    const record = this.#database.understand(() => snapshotRecord(row));
    if (record.directory !== undefined) this.#known.set(chain, record);
    return record;
  }
}

/** A row of the table. */
export function snapshotRecord(row: Row): SnapshotRecord {
  return {
    chain: String(row['chain']),
    parent: textOf(row['parent']) ?? '',
    diffId: textOf(row['diff_id']) ?? '',
    directory: textOf(row['directory']),
    blob: textOf(row['blob']),
    created: Number(row['created']),
    since: BigInt(textOf(row['since']) ?? 0),
  };
}

const tables = `
  CREATE TABLE snapshot (
    chain TEXT PRIMARY KEY, parent TEXT NOT NULL, diff_id TEXT NOT NULL, directory TEXT, blob TEXT,
    created INTEGER NOT NULL, since TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE snapshot_directory (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;
`;

/** `size` is what a directory takes on the disk, in bytes, once somebody has measured it; `used` is in ms since 1970. */
const usage = `
  ALTER TABLE snapshot ADD COLUMN used INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE snapshot ADD COLUMN size INTEGER;
  CREATE INDEX snapshot_parent ON snapshot (parent);
  CREATE INDEX snapshot_directory_name ON snapshot (directory) WHERE directory IS NOT NULL;
  CREATE INDEX snapshot_blob ON snapshot (json_extract(blob, '$.digest')) WHERE blob IS NOT NULL;
`;

/** For `Database.define`. */
export const snapshotMigrations: readonly string[] = [tables, usage];

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
