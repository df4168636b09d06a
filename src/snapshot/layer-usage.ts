import type { Database, Row } from '../content/database.ts';
import { snapshotMigrations, snapshotRecord, type SnapshotRecord } from './snapshot-table.ts';

/** A layer, and when it was used. */
export interface UsedLayer extends SnapshotRecord {
  /** ms since 1970, about; 0 if it was not used since Kiln keeps a note of that. */
  readonly used: number;
  /** Bytes on the disk; absent as long as nobody has measured it. */
  readonly size: number | undefined;
}

/** The layers of a store, for those who clean it: looking at a layer here does not hold it. */
export class LayerUsage {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
    database.define('snapshot', snapshotMigrations);
  }

  list(): readonly UsedLayer[] {
    const rows = this.#database.all('SELECT * FROM snapshot');
    return this.#database.understand(() => rows.map(usedLayer));
  }

  /** Whether a layer is still known. */
  has(chain: string): boolean {
    return this.#database.get('SELECT 1 FROM snapshot WHERE chain = ?', chain) !== undefined;
  }

  /** The names of all directories that belong to a layer. */
  directories(): ReadonlySet<string> {
    const rows = this.#database.all('SELECT DISTINCT directory FROM snapshot WHERE directory IS NOT NULL');
    return new Set(rows.map(({ directory }) => String(directory)));
  }

  /** Notes what a directory takes on the disk, in bytes. */
  measured(directory: string, size: number): void {
    this.#database.run('UPDATE snapshot SET size = ? WHERE directory = ?', size, directory);
  }

  /**
   * Forgets a layer, unless one is on top of it; in a transaction. Undefined if it stays.
   *
   * @returns the name of its directory, if no other layer has the same
   */
  remove(chain: string): { readonly directory: string | undefined } | undefined {
    const sql = `DELETE FROM snapshot WHERE chain = ?
      AND NOT EXISTS (SELECT 1 FROM snapshot child WHERE child.parent = snapshot.chain) RETURNING directory`;
    const row = this.#database.get(sql, chain);
    if (!row) return undefined;
    const directory = row['directory'] === null ? undefined : String(row['directory']);
    return { directory: directory !== undefined && this.#isNamed(directory) ? undefined : directory };
  }

  /** Forgets a layer that is damaged, and its place, whoever uses it. Those on top of it have to go first. */
  drop(chain: string): void {
    this.#database.run('DELETE FROM snapshot WHERE chain = ?', chain);
  }

  /** Takes its directory from a layer, which is made from its blob when it is needed again. */
  dropDirectory(directory: string): void {
    this.#database.run('UPDATE snapshot SET directory = NULL, size = NULL WHERE directory = ?', directory);
  }

  /** The layers that can be made from a blob, and whether they have a directory besides. */
  madeFrom(digest: string): readonly { readonly chain: string; readonly isUnpacked: boolean }[] {
    const sql = `SELECT chain, directory FROM snapshot WHERE blob IS NOT NULL AND json_extract(blob, '$.digest') = ?`;
    const rows = this.#database.all(sql, digest);
    return rows.map(({ chain, directory }) => ({ chain: String(chain), isUnpacked: directory !== null }));
  }

  /** Forgets that layers can be made from a blob. */
  dropBlob(digest: string): void {
    const sql = `UPDATE snapshot SET blob = NULL WHERE blob IS NOT NULL AND json_extract(blob, '$.digest') = ?`;
    this.#database.run(sql, digest);
  }

  /** As {@link dropBlob}, of layers that have a directory: the others need it, and it may be fetched again. */
  dropUsableBlob(digest: string): void {
    const sql = `UPDATE snapshot SET blob = NULL WHERE blob IS NOT NULL AND directory IS NOT NULL
      AND json_extract(blob, '$.digest') = ?`;
    this.#database.run(sql, digest);
  }

  #isNamed(directory: string): boolean {
    return this.#database.get('SELECT 1 FROM snapshot WHERE directory = ? LIMIT 1', directory) !== undefined;
  }
}

function usedLayer(row: Row): UsedLayer {
  const { size } = row;
  return {
    ...snapshotRecord(row),
    used: Number(row['used']),
    size: size === null || size === undefined ? undefined : Number(size),
  };
}
