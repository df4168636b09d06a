import type { Database } from './database.ts';

/** Texts or bytes by key, in a table of their own. */
export interface KeyValueTable<Value> {
  get(key: string): Value | undefined;
  set(key: string, value: Value): void;
  /** Whether there was one. */
  delete(key: string): boolean;
  /** All whose key begins with `prefix`, by key. */
  entries(prefix?: string): readonly (readonly [key: string, value: Value])[];
}

/** A table of JSON values. `name` is that of the table, lower-case letters and underscores. */
export function jsonTable<Value>(database: Database, name: string): KeyValueTable<Value> {
  const define = (): void => {
    database.define(name, [`create table ${name} (key text primary key, value text not null) strict, without rowid`]);
  };
  const parse = (text: unknown): Value => database.json(text, (json) => json as Value);
  return {
    get(key) {
      define();
      const row = database.get(`select value from ${name} where key = ?`, key);
      return row && parse(row.value);
    },
    set(key, value) {
      define();
      database.run(`insert or replace into ${name} values (?, ?)`, key, JSON.stringify(value));
    },
    delete(key) {
      define();
      return database.run(`delete from ${name} where key = ?`, key) > 0;
    },
    entries(prefix = '') {
      define();
      const rows = database.all(
        `select key, value from ${name} where substr(key, 1, ?) = ? order by key`,
        prefix.length,
        prefix,
      );
      return rows.map((row) => [String(row.key), parse(row.value)]);
    },
  };
}
