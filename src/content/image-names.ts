import { readFileSync } from 'node:fs';
import { descriptorToJson, parseDescriptor } from '../spec/descriptor.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { goJson } from '../spec/json.ts';
import { mediaTypes } from '../spec/media-type.ts';
import { formatReference, parseReference, tagNameOnly } from '../spec/reference.ts';
import type { Reference } from '../spec/reference.ts';
import { isSystemError } from '../system/system-error.ts';
import type { Database, Row } from './database.ts';
import { orStoreFailure, storeFailure } from './store-failure.ts';
import { nameAnnotations } from './name-annotations.ts';
import { writeFileAside } from './write-aside.ts';

/** A name and what it stands for. */
export interface NamedImage {
  /** In full, such as `docker.io/library/busybox:latest`. */
  readonly name: string;
  /** Of a manifest or an index. */
  readonly target: Descriptor;
  /** When the name was last given. Milliseconds since 1970. */
  readonly updated: number;
}

const migrations = [
  'create table images (name text primary key, target text not null, updated integer not null) strict, without rowid',
];

/** The names of images, in the database and, for other tools, in `index.json`. */
export class ImageNames {
  readonly #database: Database;
  readonly #indexFile: string;
  readonly #temporaryPath: () => string;

  constructor(database: Database, indexFile: string, temporaryPath: () => string) {
    this.#database = database;
    this.#indexFile = indexFile;
    this.#temporaryPath = temporaryPath;
  }

  /** What a name stands for. */
  get(reference: Reference | string): NamedImage | undefined {
    this.#define();
    const row = this.#database.get('select * from images where name = ?', fullName(reference));
    return row && this.#namedImage(row);
  }

  /** All images, by name. */
  list(): readonly NamedImage[] {
    this.#define();
    return this.#database.all('select * from images order by name').map((row) => this.#namedImage(row));
  }

  /** Gives a manifest or an index that is in the store a name, or several; images that had them lose them. */
  set(references: Reference | string | readonly (Reference | string)[], target: Descriptor, now = Date.now()): void {
    this.#define();
    const names = (Array.isArray(references) ? references : [references]) as readonly (Reference | string)[];
    if (names.length === 0) return;
    const json = JSON.stringify(descriptorToJson(target));
    this.#leaveTrace();
    this.#safely(() => {
      for (const name of names) {
        this.#database.run('insert or replace into images values (?, ?, ?)', fullName(name), json, now);
      }
    });
    this.#writeIndex();
  }

  /** Gives names all at once, and makes `index.json` what it has to be, which has them all or is as it was. */
  restore(images: readonly NamedImage[]): void {
    this.#define();
    this.#safely(() => {
      for (const { name, target, updated } of images) {
        const json = JSON.stringify(descriptorToJson(target));
        this.#database.run('insert or replace into images values (?, ?, ?)', name, json, updated);
      }
      this.#writeIndex();
    });
  }

  /** Whether `index.json` is not what it has to be. */
  indexDiffers(): boolean {
    this.#define();
    return this.#database.transaction(() => this.#indexText() !== this.#currentIndex());
  }

  /** Takes a name away; whether there was one. Its blobs stay. */
  delete(reference: Reference | string): boolean {
    this.#define();
    this.#leaveTrace();
    const deleted = this.#safely(() => this.#database.run('delete from images where name = ?', fullName(reference)));
    const isDeleted = deleted > 0;
    if (isDeleted) this.#writeIndex();
    return isDeleted;
  }

  /** Sees to it that `index.json` is what it has to be; that is so but after a process was killed. */
  writeIndex(): void {
    this.#define();
    this.#writeIndex();
  }

  /** What a name stands for outlives a power failure, and so must the name. */
  #safely<Result>(work: () => Result): Result {
    return this.#database.transaction(work, { isSafe: true });
  }

  /** Who is killed before the index is written leaves a temporary directory, by which others know: see `removeAbandoned`. */
  #leaveTrace(): void {
    orStoreFailure(() => this.#temporaryPath());
  }

  #namedImage(row: Row): NamedImage {
    const target = this.#database.json(row.target, parseDescriptor);
    const name = String(row.name);
    this.#database.understand(() => parseReference(name));
    return { name, target, updated: Number(row.updated) };
  }

  #define(): void {
    this.#database.define('images', migrations);
  }

  /** With the database locked, so that of two processes the later one writes what both have done. */
  #writeIndex(): void {
    this.#database.transaction(() => {
      const text = this.#indexText();
      if (this.#currentIndex() === text) return;
      orStoreFailure(() => {
        writeFileAside(this.#indexFile, text, { aside: this.#temporaryPath() });
      });
    });
  }

  #indexText(): string {
    const manifests = this.list().map(({ name, target }) =>
      descriptorToJson({ ...target, annotations: { ...target.annotations, ...nameAnnotations(name) } }),
    );
    return goJson({ schemaVersion: 2, mediaType: mediaTypes.oci.index, manifests });
  }

  /** Undefined if there is none. */
  #currentIndex(): string | undefined {
    try {
      return readFileSync(this.#indexFile, 'utf8');
    } catch (error) {
      if (isSystemError(error, 'ENOENT')) return undefined;
      throw storeFailure(error, this.#indexFile);
    }
  }
}

/** The full name that a user means: `busybox` is `docker.io/library/busybox:latest`. Throws a `ValueError`. */
export function fullName(reference: Reference | string): string {
  return formatReference(tagNameOnly(typeof reference === 'string' ? parseReference(reference) : reference));
}
