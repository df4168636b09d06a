import { descriptorToJson, parseDescriptor } from '../spec/descriptor.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import type { DiffId } from '../spec/digest.ts';
import type { BlobStore } from './blob-store.ts';
import type { Database } from './database.ts';

const migrations = [
  `create table layer_blobs (
    diff_id text not null, variant text not null, descriptor text not null, primary key (diff_id, variant)
  ) strict, without rowid`,
];

/**
 * Which blobs hold a layer: at most one for each way to compress it.
 *
 * A variant is a compression with what it depends on, such as `gzip` or `gzip:9`.
 */
export class LayerBlobs {
  readonly #database: Database;
  readonly #blobs: BlobStore;

  constructor(database: Database, blobs: BlobStore) {
    this.#database = database;
    this.#blobs = blobs;
  }

  /** The blob of a layer that is compressed so, if the store has it. */
  get(diffId: DiffId, variant: string): Descriptor | undefined {
    return this.list(diffId).find((blob) => blob.variant === variant)?.descriptor;
  }

  /** All blobs of a layer that the store has. */
  list(diffId: DiffId): readonly { readonly variant: string; readonly descriptor: Descriptor }[] {
    this.#define();
    return (
      this.#database
        .all('select variant, descriptor from layer_blobs where diff_id = ? order by variant', diffId)
        .map((row) => ({
          variant: String(row.variant),
          descriptor: this.#database.json(row.descriptor, parseDescriptor),
        }))
        // One of another size was lost, if not its name.
        .filter(({ descriptor }) => this.#blobs.size(descriptor.digest) === descriptor.size)
    );
  }

  /** Everything that was remembered, whether the blobs are there or not. */
  all(): readonly { readonly diffId: string; readonly variant: string; readonly digest: string }[] {
    this.#define();
    return this.#database.all('select * from layer_blobs').map(({ diff_id: diffId, variant, descriptor }) => ({
      ...{ diffId: String(diffId), variant: String(variant) },
      digest: this.#database.json(descriptor, parseDescriptor).digest,
    }));
  }

  /** Forgets a blob that is not there any more. */
  forget(diffId: string, variant: string): void {
    this.#define();
    this.#database.run('delete from layer_blobs where diff_id = ? and variant = ?', diffId, variant);
  }

  /** Remembers a blob of a layer. */
  set(diffId: DiffId, variant: string, descriptor: Descriptor): void {
    this.#define();
    const json = JSON.stringify(descriptorToJson(descriptor));
    this.#database.run('insert or replace into layer_blobs values (?, ?, ?)', diffId, variant, json);
  }

  #define(): void {
    this.#database.define('layer_blobs', migrations);
  }
}
