import process from 'node:process';
import type { DatabaseSync, DatabaseSyncOptions } from 'node:sqlite';

/** Opens a database. `node:sqlite` is loaded here, late, and without the warning that it is experimental in Node 22. */
export function openSqlite(path: string, options: DatabaseSyncOptions = {}): DatabaseSync {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with `process`, and put back
  const emit = process.emitWarning;
  process.emitWarning = (warning: string | Error, ...rest: readonly unknown[]): void => {
    const isAboutSqlite = String(warning).includes('SQLite is an experimental feature');
    if (!isAboutSqlite) Reflect.apply(emit, process, [warning, ...rest]);
  };
  try {
    const { DatabaseSync: Database } = process.getBuiltinModule('node:sqlite');
    return new Database(path, options);
  } finally {
    process.emitWarning = emit;
  }
}
