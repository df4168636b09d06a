import { accessSync, closeSync, constants, openSync, readSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { isDiskError, systemCode, systemReason } from '../system/system-error.ts';

/** What helps, by SQLite's numbers: busy, read-only, interrupted, unreadable, full, unopenable, not to be locked. Not mistakes in a statement. */
const hints: ReadonlyMap<number, string | undefined> = new Map([
  [5, 'another Kiln has been busy with the store for long; try again'],
  [8, 'the store must be writable; name another place with --root or KILN_ROOT'],
  [9, undefined],
  [10, 'look at the disk of the store: it does not work'],
  [13, 'make room on the disk of the store, or name another place with --root or KILN_ROOT'],
  [14, 'the store must be a directory that is writable; name another place with --root or KILN_ROOT'],
  [15, 'is the store on a disk that knows locks? name another place with --root or KILN_ROOT'],
]);

const readOnly = 8;
const unreliable = 10;
const full = 13;
const unopenable = 14;
const locking = 15;

/** Whether the disk of a file has no block or no inode left. */
function hasNoRoom(path: string): boolean {
  try {
    const { bavail, files, ffree } = statfsSync(dirname(path));
    return bavail === 0 || (files > 0 && ffree === 0);
  } catch {
    return false;
  }
}

/** What the disk has to say of the files of a database, read to their ends; undefined if it is not to blame. */
function diskFailure(path: string): Error | undefined {
  for (const file of [dirname(path), path, `${path}-wal`, `${path}-shm`]) {
    try {
      accessSync(file, constants.W_OK);
      if (file !== dirname(path)) readThrough(file);
    } catch (error) {
      if (isDiskError(error) || (error instanceof Error && systemCode(error) === 'EROFS')) return error;
    }
  }
  return undefined;
}

function readThrough(path: string): void {
  const chunk = Buffer.allocUnsafe(1 << 20);
  const fd = openSync(path, 'r');
  try {
    while (readSync(fd, chunk) > 0);
  } finally {
    closeSync(fd);
  }
}

/** Damaged, no database: files that something else has written to. */
const damages: ReadonlySet<number> = new Set([11, 26]);

/** What statements of Kiln's come to where a table, or what is in it, is not as it was. */
const damagedSchema = /^(?:no such (?:table|column)|malformed (?:database schema|JSON)|table .* already exists)/;

/**
 * What SQLite says of the world becomes KilnError `content/database-damaged` or `content/database-failed`; anything else stays
 * what it is.
 *
 * @param path of the database
 */
export function databaseFailure(path: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || !('errcode' in cause)) return cause;
  const code = Number(cause.errcode) & 0xff;
  if (damages.has(code) || damagedSchema.test(cause.message)) return damagedDatabase(path, cause);
  if (!hints.has(code)) return cause;
  // SQLite does not say that its log cannot be made since the disk has room for no more files, nor that it cannot be read.
  const isFull = code === unopenable && hasNoRoom(path);
  const failure = code === unopenable || code === locking ? diskFailure(path) : undefined;
  const isReadOnly = failure !== undefined && !isDiskError(failure);
  const why = isFull ? 'no space left on device' : failure && systemReason(failure);
  return failedDatabase(path, cause, {
    reason: why === undefined ? cause.message : `${cause.message}: ${why}`,
    hint: hints.get(isFull ? full : isReadOnly ? readOnly : failure ? unreliable : code),
  });
}

function failedDatabase(
  path: string,
  cause: Error,
  { reason, hint }: { readonly reason: string; readonly hint: string | undefined },
): KilnError {
  return new KilnError('content/database-failed', `the database of the store, ${path}: ${reason}`, { cause, hint });
}

/** It says which layer is where, and which image has which name; the latter `index.json` says, too. */
export function damagedDatabase(path: string, cause: Error): KilnError {
  // SQLite takes what can be read of a page for all of it. When the disk works again, the database may be whole.
  const failure = diskFailure(path);
  if (isDiskError(failure)) {
    const reason = `${cause.message}: ${systemReason(failure)}`;
    return failedDatabase(path, cause, { reason, hint: hints.get(unreliable) });
  }
  return new KilnError('content/database-damaged', `the database of the store, ${path}, is damaged: ${cause.message}`, {
    cause,
    hint: 'kiln store check --repair makes a new one; or name another place with --root or KILN_ROOT',
  });
}

/** A store that this Kiln does not understand. */
export function newerStore(path: string): KilnError {
  return new KilnError('content/newer-store', `the store was made by a newer Kiln: ${path}`, {
    hint: 'use that version, or name another place with --root or KILN_ROOT',
  });
}
