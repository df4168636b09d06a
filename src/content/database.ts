import { chmodSync, statSync } from 'node:fs';
import type { DatabaseSync, SQLInputValue, StatementSync } from 'node:sqlite';
import { monotonicTime } from '../system/monotonic-time.ts';
import { isSystemError } from '../system/system-error.ts';
import { damagedDatabase, databaseFailure, newerStore } from './database-failure.ts';
import { ValueError } from '../spec/value-error.ts';
import { openSqlite } from './sqlite.ts';
import { storeFailure } from './store-failure.ts';

/** What a column can hold. */
export type ColumnValue = SQLInputValue;

/** A row of a result. Blobs are `Uint8Array`. */
export type Row = Readonly<Record<string, string | number | bigint | Uint8Array | null>>;

/** How long a process waits for another that writes. Milliseconds. */
const patience = 30_000;

/** Of the log, in bytes: who reads it in whole, as everybody does who begins, takes less than a millisecond. */
const longestLog = 1 << 20;

/**
 * The database of a store: tables that rooms define for themselves, each with migrations of its own. Statements are prepared
 * when they are first used and kept. Calls are synchronous.
 *
 * They throw KilnError `content/database-failed`, `content/database-damaged`, and `content/newer-store`.
 */
export class Database implements Disposable {
  readonly #path: string;
  #sqlite: DatabaseSync | undefined;
  #isInTransaction = false;
  #hasWritten = false;
  readonly #statements = new Map<string, StatementSync>();
  readonly #schemas = new Set<string>();

  /** The file is opened, and made if need be, when something is first asked of it. */
  constructor(path: string) {
    this.#path = path;
  }

  /**
   * Sees to it that the tables of a room are there. `migrations` are scripts of SQL, of which those run that the database has
   * not seen; so one may be added at the end, and none may be changed. Cheap to call again.
   *
   * Throws KilnError `content/newer-store` if a later Kiln has been here.
   */
  define(schema: string, migrations: readonly string[]): void {
    if (this.#schemas.has(schema)) return;
    if (this.#version(schema) !== migrations.length) {
      this.transaction(() => {
        const version = this.#version(schema);
        if (version > migrations.length) throw newerStore(this.#path);
        for (const script of migrations.slice(version)) this.#execute(script);
        this.run('insert or replace into schemas values (?, ?)', schema, migrations.length);
      });
    }
    this.#schemas.add(schema);
  }

  /** The first row of a query. */
  get(sql: string, ...values: readonly ColumnValue[]): Row | undefined {
    return this.#explaining(() => this.#prepare(sql).get(...values));
  }

  /** All rows of a query. */
  all(sql: string, ...values: readonly ColumnValue[]): readonly Row[] {
    return this.#explaining(() => this.#prepare(sql).all(...values));
  }

  /** Runs a statement; the number of rows it changed. */
  run(sql: string, ...values: readonly ColumnValue[]): number {
    this.#hasWritten = true;
    return this.#explaining(() => Number(this.#prepare(sql).run(...values).changes));
  }

  /** Reads what was kept as JSON. Throws as {@link understand}. */
  json<Value>(text: unknown, parse: (json: unknown) => Value): Value {
    return this.understand(() => parse(JSON.parse(String(text))));
  }

  /** Makes something of a row: a `ValueError` or `SyntaxError` of `read` becomes KilnError `content/database-damaged`. */
  understand<Value>(read: () => Value): Value {
    try {
      return read();
    } catch (cause) {
      if (!(cause instanceof SyntaxError || cause instanceof ValueError)) throw cause;
      throw damagedDatabase(this.#path, cause);
    }
  }

  /**
   * Runs `work` with the database to itself: all that it writes is there afterwards, or nothing if it throws. May be nested.
   *
   * After a power failure, the last transactions may never have been; one that `isSafe`, and those before it, will have been.
   */
  transaction<Result>(work: () => Result, { isSafe = false }: { readonly isSafe?: boolean } = {}): Result {
    if (this.#isInTransaction) return work();
    const sqlite = this.#open();
    this.#explaining(() => {
      sqlite.exec(isSafe ? 'pragma synchronous = full; begin immediate' : 'begin immediate');
    });
    this.#isInTransaction = true;
    try {
      const result = work();
      this.#explaining(() => {
        sqlite.exec('commit');
      });
      return result;
    } catch (error) {
      attempt(sqlite, 'rollback');
      throw error;
    } finally {
      this.#isInTransaction = false;
      if (isSafe) attempt(sqlite, 'pragma synchronous = normal');
    }
  }

  /**
   * To be called while there is nothing else to do: who writes first waits for the disk if the log begins anew, and begins it
   * anew if it has become long. Waits for nobody, and what goes wrong shows when something is written.
   */
  getReady(): void {
    const log = statSync(`${this.#path}-wal`, { throwIfNoEntry: false })?.size ?? 0;
    if (this.#isInTransaction || (log > 0 && log < longestLog)) return;
    const sqlite = this.#open();
    try {
      // Of what can be written, the version is the least.
      sqlite.exec(`
        pragma busy_timeout = 0; pragma wal_checkpoint(passive);
        begin immediate; pragma user_version = ${formatVersion}; commit`);
      this.#hasWritten = true;
    } catch {
      attempt(sqlite, 'rollback');
    } finally {
      attempt(sqlite, `pragma busy_timeout = ${patience}`);
    }
  }

  /** Puts all that is in the log into the file, which has everything then. */
  settle(): void {
    this.#execute('pragma wal_checkpoint(truncate)');
    this.#hasWritten = false;
  }

  /**
   * Whoever is the last to close a database puts what is in its log into the file, and waits for the disk twice. That is left
   * to those who have not written: the log is as good as the file, but for the time it takes to read it.
   */
  close(): void {
    this.#statements.clear();
    this.#schemas.clear();
    const reader = this.#hasWritten ? openReader(this.#path) : undefined;
    this.#sqlite?.close();
    this.#sqlite = undefined;
    this.#hasWritten = false;
    reader?.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #version(schema: string): number {
    return Number(this.get('select version from schemas where name = ?', schema)?.version ?? 0);
  }

  #prepare(sql: string): StatementSync {
    const sqlite = this.#open();
    let statement = this.#statements.get(sql);
    if (!statement) this.#statements.set(sql, (statement = sqlite.prepare(sql)));
    return statement;
  }

  #explaining<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (cause) {
      throw databaseFailure(this.#path, cause);
    }
  }

  #execute(script: string): void {
    this.#hasWritten = true;
    this.#explaining(() => {
      this.#open().exec(script);
    });
  }

  #open(): DatabaseSync {
    return (this.#sqlite ??= openDatabase(this.#path));
  }
}

/** Somebody else who has the database open, but cannot write; nobody if that is not possible. */
function openReader(path: string): DatabaseSync | undefined {
  let reader: DatabaseSync | undefined;
  try {
    reader = openSqlite(path, { readOnly: true });
    userVersion(reader);
    return reader;
  } catch {
    reader?.close();
    return undefined;
  }
}

/** What may be in vain: some errors, such as a full disk, have rolled back already; and what was thrown before says more. */
function attempt(sqlite: DatabaseSync, script: string): void {
  try {
    sqlite.exec(script);
  } catch {
    // Then there is nothing to be done.
  }
}

/** Of the file as a whole: how tables are defined. A room's tables have versions of their own. */
const formatVersion = 1;

function openDatabase(path: string): DatabaseSync {
  let sqlite: DatabaseSync | undefined;
  try {
    sqlite = openSqlite(path);
    sqlite.exec(`pragma busy_timeout = ${patience}; pragma synchronous = normal; pragma journal_size_limit = 0`);
    const version = userVersion(sqlite);
    if (version > formatVersion) throw newerStore(path);
    if (version === 0) {
      // Its companions get the mode of the file.
      chmodSync(path, 0o600);
      create(sqlite);
    }
    return sqlite;
  } catch (cause) {
    sqlite?.close();
    throw isSystemError(cause, 'EPERM', 'EACCES', 'EROFS') ? storeFailure(cause) : databaseFailure(path, cause);
  }
}

/** Two processes may be here at once; the second finds nothing left to do. */
function create(sqlite: DatabaseSync): void {
  useWriteAheadLog(sqlite);
  sqlite.exec('begin immediate');
  if (userVersion(sqlite) === 0) {
    sqlite.exec(`
      create table schemas (name text primary key, version integer not null) strict, without rowid;
      pragma user_version = ${formatVersion}`);
  }
  sqlite.exec('commit');
}

/** SQLite does not wait for others here, whatever the timeout. Where there can be no such log, the database works without. */
function useWriteAheadLog(sqlite: DatabaseSync): void {
  const until = monotonicTime() + patience;
  for (;;) {
    try {
      sqlite.exec('pragma journal_mode = wal');
      return;
    } catch (error) {
      if (monotonicTime() > until || !String(error).includes('locked')) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

function userVersion(sqlite: DatabaseSync): number {
  return Number(sqlite.prepare('pragma user_version').get()?.user_version ?? 0);
}
