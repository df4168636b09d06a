import { parseDigest } from '../spec/digest.ts';
import { quote } from '../spec/quote.ts';
import { ValueError } from '../spec/value-error.ts';
import type { Database, Row } from './database.ts';
import type { StoreSession } from './store-session.ts';

const kinds = ['blob', 'cache', 'http', 'git-checkout', 'git-repository'] as const;

/** What is kept besides layers, which have a table of their own. */
export type HoldingKind = (typeof kinds)[number];

/** Something that the store keeps, and when it was used. Times are in ms since 1970. */
export interface Holding {
  readonly kind: HoldingKind;
  /** A digest, or the name of its directory. */
  readonly name: string;
  /** For people; empty if nothing is known. */
  readonly about: string;
  readonly created: number;
  /** Up to {@link useGranularity} too early. */
  readonly used: number;
}

/** How exactly it is known when something was used: writing it down for every build would make builds slower. ms. */
export const useGranularity = 15 * 60_000;

const migrations = [
  `create table holdings (
    kind text not null, name text not null, about text not null, created integer not null, used integer not null,
    primary key (kind, name)
  ) strict, without rowid`,
];

/**
 * What this process uses of the store, and so must not be removed from under it; and, for what is to be removed first, when
 * things were used. See docs/storage.md.
 */
export class Holdings {
  readonly #database: Database;
  readonly #session: StoreSession;
  /** By kind and name, what it is, for people. */
  readonly #held = new Map<string, { readonly kind: HoldingKind; readonly name: string; readonly about: string }>();

  constructor(database: Database, session: StoreSession) {
    this.#database = database;
    this.#session = session;
  }

  /**
   * Holds something until the process ends. To be called before looking whether it is there: if it is there then, it stays.
   *
   * @param about for people
   */
  hold(kind: HoldingKind, name: string, about = ''): void {
    const key = holdingKey(kind, name);
    if (this.#held.has(key)) return;
    this.#session.hold([key]);
    this.#held.set(key, { kind, name, about });
  }

  /** {@link hold}, in one go. */
  holdAll(kind: HoldingKind, names: readonly string[]): void {
    const fresh = names.filter((name) => !this.#held.has(holdingKey(kind, name)));
    this.#session.hold(fresh.map((name) => holdingKey(kind, name)));
    for (const name of fresh) this.#held.set(holdingKey(kind, name), { kind, name, about: '' });
  }

  /** Everything that is known, also of what is no longer there. */
  list(): readonly Holding[] {
    this.#define();
    return this.#database.all('select * from holdings').map((row) => this.#database.understand(() => holdingOf(row)));
  }

  /** Everything that processes hold now, by {@link holdingKey}. */
  held(): ReadonlySet<string> {
    return this.#session.held();
  }

  /** How many other processes use the store now. */
  others(): number {
    return this.#session.others();
  }

  /** Forgets something, which is removed in the same transaction. */
  forget(kind: HoldingKind, name: string): void {
    this.#define();
    this.#database.run('delete from holdings where kind = ? and name = ?', kind, name);
  }

  /**
   * Writes down when this process used what it held, if that is news: at its end.
   *
   * @param now ms since 1970
   */
  flush(now = Date.now()): void {
    if (this.#held.size === 0) return;
    this.#define();
    const known = new Map(this.#knownOf([...this.#held.keys()]));
    const news = [...this.#held].filter(([key, { about }]) => {
      const before = known.get(key);
      return !before || before.used + useGranularity < now || (about !== '' && before.about !== about);
    });
    this.#held.clear();
    // Blobs that nobody knows are as old as their files.
    if (news.every(([key, { kind }]) => kind === 'blob' && !known.has(key))) return;
    this.#database.transaction(() => {
      for (const [, { kind, name, about }] of news) this.#note(kind, name, { about, now });
    });
  }

  #knownOf(keys: readonly string[]): readonly (readonly [string, Holding])[] {
    return keys.flatMap((key) => {
      const held = this.#held.get(key);
      const row =
        held && this.#database.get('select * from holdings where kind = ? and name = ?', held.kind, held.name);
      return row ? [[key, this.#database.understand(() => holdingOf(row))] as const] : [];
    });
  }

  #note(kind: HoldingKind, name: string, { about, now }: { readonly about: string; readonly now: number }): void {
    const sql = `insert into holdings values (?, ?, ?, ?, ?) on conflict (kind, name) do update set
      used = max(used, excluded.used), about = iif(excluded.about = '', about, excluded.about)`;
    this.#database.run(sql, kind, name, about, now, now);
  }

  #define(): void {
    this.#database.define('holdings', migrations);
  }
}

/** What a session has of something that it holds. */
export function holdingKey(kind: HoldingKind | 'layer', name: string): string {
  return `${kind} ${name}`;
}

/** Names become parts of paths. Throws a `ValueError`. */
function holdingOf(row: Row): Holding {
  const name = String(row.name);
  const kind = kinds.find((one) => one === row.kind);
  if (!kind) throw new ValueError(`there is no such thing as a ${quote(String(row.kind))}`);
  if (kind === 'blob') parseDigest(name);
  else if (!/^[^/\0]+$/.test(name) || name === '.' || name === '..')
    throw new ValueError(`invalid name ${quote(name)}`);
  return {
    kind,
    name,
    about: String(row.about),
    created: Number(row.created),
    used: Number(row.used),
  };
}
