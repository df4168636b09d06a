import type { Database } from '../content/database.ts';

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
  /** JSON of the descriptor of the blob it can be made from; absent if a step made it. */
  readonly blob: string | undefined;
  /** When it was made, in ms since 1970; 0 for layers of images. */
  readonly created: number;
  /** Files that are no older than this were written by a step: ns since 1970; 0 for layers of images. */
  readonly since: bigint;
}

/** The layers that the store knows. */
export class SnapshotTable {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    database.define('snapshot', [tables]);
  }

  find(chain: string): SnapshotRecord | undefined {
    const row = this.#database.get('SELECT * FROM snapshot WHERE chain = ?', chain);
    if (!row) return undefined;
    return {
      chain,
      parent: textOf(row['parent']) ?? '',
      diffId: textOf(row['diff_id']) ?? '',
      directory: textOf(row['directory']),
      blob: textOf(row['blob']),
      created: Number(row['created']),
      since: BigInt(textOf(row['since']) ?? 0),
    };
  }

  /** Adds a record; one of the same chain keeps what it has and gets what it lacks. */
  add({ chain, parent, diffId, directory, blob, created, since }: SnapshotRecord): void {
    const sql = `INSERT INTO snapshot VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (chain) DO UPDATE SET
      directory = coalesce(snapshot.directory, excluded.directory), blob = coalesce(snapshot.blob, excluded.blob)`;
    this.#database.run(sql, chain, parent, diffId, directory ?? null, blob ?? null, created, String(since));
  }

  /**
   * Gives a layer a directory, which `move` puts where the name says; unless it has got one by now, from another process. The
   * record as it is then is the answer. If the process dies in between, there is neither a name nor a record.
   */
  addDirectory(record: Omit<SnapshotRecord, 'directory'>, move: (name: string) => void): SnapshotRecord {
    return this.#database.transaction(() => {
      const known = this.find(record.chain);
      if (known?.directory !== undefined) return known;
      this.#database.run('INSERT INTO snapshot_directory DEFAULT VALUES');
      const row = this.#database.get('SELECT last_insert_rowid() AS id');
      const directory = Number(row?.['id']).toString(36);
      move(directory);
      this.add({ ...record, directory });
      return { ...record, ...known, directory };
    });
  }
}

const tables = `
  CREATE TABLE snapshot (
    chain TEXT PRIMARY KEY, parent TEXT NOT NULL, diff_id TEXT NOT NULL, directory TEXT, blob TEXT,
    created INTEGER NOT NULL, since TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE snapshot_directory (id INTEGER PRIMARY KEY AUTOINCREMENT) STRICT;
`;

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
