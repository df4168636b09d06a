import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Database, Row } from './database.ts';
import { isSystemError } from '../system/system-error.ts';
import { tryLockPath } from './key-locks.ts';
import { storeFailure } from './store-failure.ts';

/** What is kept besides layers, which have a table of their own. */
export type HoldingKind = 'blob' | 'cache' | 'http' | 'git-checkout' | 'git-repository';

/** Something that the store keeps, and when it was used. Times are in ms since 1970. */
export interface Holding {
  readonly kind: HoldingKind;
  /** A digest, or the name of its directory. */
  readonly name: string;
  /** For people; empty if nothing is known. */
  readonly about: string;
  readonly created: number;
  readonly used: number;
  /** How many processes have used it. */
  readonly uses: number;
}

const migrations = [
  `create table holding (
    kind text not null, name text not null, about text not null, created integer not null, used integer not null,
    uses integer not null, primary key (kind, name)
  ) strict, without rowid`,
];

const sessionEnding = '.session';

/**
 * What this process uses of the store, and so must not be removed from under it: see docs/storage.md.
 *
 * A process that uses something has a lock file with the time of its beginning in its name, for as long as it lives, and writes
 * the time of its use into the database. Whoever removes anything removes only what was last used before all processes began
 * that still live.
 */
export class Holdings implements Disposable {
  readonly #database: Database;
  readonly #locks: string;
  readonly #held = new Set<string>();
  #session: { readonly start: number; readonly end: () => void } | undefined;

  /** @param locks directory of locks, made if it is not there */
  constructor(database: Database, locks: string) {
    this.#database = database;
    this.#locks = locks;
  }

  /**
   * The time to write beside what is used: ms since 1970, never before this process began, whatever clocks do. From the first
   * call on, the process is known to use something.
   */
  now(): number {
    this.#session ??= this.#begin();
    return Math.max(Date.now(), this.#session.start);
  }

  /**
   * Holds something until the process ends. To be called before looking whether it is there: if it is there then, it stays.
   *
   * Not in a transaction that may be rolled back.
   *
   * @param about for people; what was said before stays if it is empty
   */
  hold(kind: HoldingKind, name: string, about = ''): void {
    const key = `${kind} ${name}`;
    if (this.#held.has(key)) return;
    this.#define();
    this.#note(kind, name, about);
    this.#held.add(key);
  }

  /** {@link hold}, in one go. */
  holdAll(kind: HoldingKind, names: readonly string[]): void {
    const fresh = names.filter((name) => !this.#held.has(`${kind} ${name}`));
    if (fresh.length === 0) return;
    this.#define();
    this.#database.transaction(() => {
      for (const name of fresh) this.#note(kind, name, '');
    });
    for (const name of fresh) this.#held.add(`${kind} ${name}`);
  }

  /** What is known of something. */
  find(kind: HoldingKind, name: string): Holding | undefined {
    this.#define();
    const row = this.#database.get('select * from holding where kind = ? and name = ?', kind, name);
    return row && holdingOf(row);
  }

  /** Everything, also what is no longer there. */
  list(): readonly Holding[] {
    this.#define();
    return this.#database.all('select * from holding').map(holdingOf);
  }

  /** Forgets something, which is removed in the same transaction. */
  forget(kind: HoldingKind, name: string): void {
    this.#define();
    this.#database.run('delete from holding where kind = ? and name = ?', kind, name);
  }

  /**
   * When the first of the processes began that use the store now, this one included; `now` if there is none. What was used
   * before that, nobody uses. Only in a transaction is that so for longer than a moment.
   */
  earliest(now: number): number {
    return Math.min(now, ...this.#starts());
  }

  /** How many processes use the store now, this one excepted. */
  others(): number {
    return this.#starts().length - (this.#session ? 1 : 0);
  }

  [Symbol.dispose](): void {
    this.#session?.end();
    this.#session = undefined;
    this.#held.clear();
  }

  #note(kind: HoldingKind, name: string, about: string): void {
    const now = this.now();
    const sql = `insert into holding values (?, ?, ?, ?, ?, 1) on conflict (kind, name) do update set
      used = max(used, excluded.used), uses = uses + 1, about = iif(excluded.about = '', about, excluded.about)`;
    this.#database.run(sql, kind, name, about, now, now);
  }

  #starts(): readonly number[] {
    return namesIn(this.#locks).flatMap((name) => {
      if (!name.endsWith(sessionEnding)) return [];
      const end = tryLockPath(join(this.#locks, name));
      end?.();
      return end ? [] : [Number.parseInt(name, 10) || 0];
    });
  }

  #begin(): { readonly start: number; readonly end: () => void } {
    const start = Date.now();
    try {
      mkdirSync(this.#locks, { recursive: true, mode: 0o700 });
      for (;;) {
        // Somebody may have taken the file for abandoned before it was locked.
        const end = tryLockPath(join(this.#locks, `${start}-${randomBytes(6).toString('hex')}${sessionEnding}`));
        if (end) return { start, end };
      }
    } catch (cause) {
      throw storeFailure(cause);
    }
  }

  #define(): void {
    this.#database.define('holding', migrations);
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  }
}

function holdingOf(row: Row): Holding {
  return {
    kind: String(row.kind) as HoldingKind,
    name: String(row.name),
    about: String(row.about),
    created: Number(row.created),
    used: Number(row.used),
    uses: Number(row.uses),
  };
}
