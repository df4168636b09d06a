import { renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CacheRecords } from '../../cache/cache-records.ts';
import { jsonTable } from '../../content/key-value-table.ts';
import type { ContentStore } from '../../content/store.ts';
import { holdingKey } from '../../content/holdings.ts';
import { LayerUsage } from '../../snapshot/layer-usage.ts';
import { isSystemError } from '../../system/system-error.ts';
import { holdingPath } from './directory-nodes.ts';
import { layerSizes } from './layer-sizes.ts';
import { storeLayers } from './store-layers.ts';
import type { Place, StoreNode } from './store-record.ts';
import type { Survey } from './survey.ts';

/** How many records go at a time: for that long, others wait for the database. */
const batch = 32;

/**
 * Removes records as docs/storage.md says: in a transaction that makes sure that nobody uses them; first from the database,
 * then from the disk. What is killed in between leaves only what the next one removes.
 */
export class Removal {
  readonly #survey: Survey;
  readonly #layers: LayerUsage;
  readonly #records: CacheRecords;
  /** What has to be removed from the disk still; if nobody lives to do it, the next one does. */
  readonly #moved: string[] = [];

  constructor(survey: Survey) {
    const { store } = survey;
    this.#survey = survey;
    this.#layers = new LayerUsage(store.database);
    this.#records = new CacheRecords(store.database);
  }

  /** Removes what is planned, in its order. Those that somebody has begun to use stay. Gives those that are gone. */
  remove(planned: readonly StoreNode[]): readonly StoreNode[] {
    const gone: StoreNode[] = [];
    for (let at = 0; at < planned.length; at += batch) gone.push(...this.#removeBatch(planned.slice(at, at + batch)));
    return gone;
  }

  /** Forgets what the database says about things that are not there. */
  tidy(): void {
    const { store } = this.#survey;
    const directorySizes = jsonTable(store.database, 'directory_sizes');
    this.#undisturbed((held) => {
      for (const { kind, name } of store.holdings.list()) {
        if (held.has(holdingKey(kind, name)) || isThere(holdingPath(store, kind, name))) continue;
        store.holdings.forget(kind, name);
        directorySizes.delete(holdingKey(kind, name));
      }
      for (const { diffId, variant, digest } of store.layers.all()) {
        if (!isThere(store.blobs.path(digest))) store.layers.forget(diffId, variant);
      }
      for (const blob of store.segments.blobs()) {
        if (!isThere(store.blobs.path(blob))) store.segments.forget(blob);
      }
      const diffIds = new Set(storeLayers(store.database).map(({ diffId }) => diffId));
      const sizes = layerSizes(store.database);
      for (const [diffId] of sizes.entries()) if (!diffIds.has(diffId)) sizes.delete(diffId);
    });
  }

  #removeBatch(nodes: readonly StoreNode[]): readonly StoreNode[] {
    const aside: string[] = [];
    const gone = this.#undisturbed((held) => nodes.filter(({ place }) => this.#removePlace(place, held, aside)));
    // A layer is in the database as long as its directory is there; blobs and the like are there if their files are.
    for (const path of aside) this.#moveAway(path);
    for (const path of this.#moved.splice(0)) rmSync(path, { recursive: true, force: true });
    return gone;
  }

  /**
   * Does something with the database while nobody can begin to use anything. The gate is opened when that is written, for good:
   * what is gone must not come back with a power failure, without its files.
   */
  #undisturbed<Result>(work: (held: ReadonlySet<string>) => Result): Result {
    const { database, session } = this.#survey.store;
    let openGate: (() => void) | undefined;
    try {
      return database.transaction(
        () => {
          openGate = session.closeGate();
          return work(session.held());
        },
        { isSafe: true },
      );
    } finally {
      openGate?.();
    }
  }

  #removePlace(place: Place, held: ReadonlySet<string>, aside: string[]): boolean {
    switch (place.kind) {
      case 'layer':
        return this.#removeLayer(place.chain, held, aside);
      case 'holding':
        return this.#removeHolding(place, held);
      case 'abandoned':
        return this.#removeAbandoned(place.path);
      case 'fixed':
        return false;
    }
  }

  #removeLayer(chain: string, held: ReadonlySet<string>, aside: string[]): boolean {
    const { store } = this.#survey;
    const removed = held.has(holdingKey('layer', chain)) ? undefined : this.#layers.remove(chain);
    if (!removed) return false;
    this.#records.forget(chain);
    forgetRewritten(store, chain);
    if (removed.directory !== undefined) aside.push(join(store.root, 'snapshots', removed.directory));
    return true;
  }

  #removeHolding({ holding, name, path }: Extract<Place, { kind: 'holding' }>, held: ReadonlySet<string>): boolean {
    const { store, tagged } = this.#survey;
    if (held.has(holdingKey(holding, name))) return false;
    if (holding === 'blob') {
      const layers = this.#layers.madeFrom(name);
      const isNeeded = layers.some(({ chain, isUnpacked }) => !isUnpacked || held.has(holdingKey('layer', chain)));
      if (isNeeded || tagged.hasBlob(name)) return false;
      this.#layers.dropBlob(name);
    }
    store.holdings.forget(holding, name);
    jsonTable(store.database, 'directory_sizes').delete(holdingKey(holding, name));
    this.#moveAway(path);
    return true;
  }

  /** Nobody makes a layer meanwhile, so a directory without one belongs to nobody. */
  #removeAbandoned(path: string): boolean {
    const { store } = this.#survey;
    const snapshots = join(store.root, 'snapshots');
    if (path.startsWith(`${snapshots}/`)) {
      if (this.#layers.directories().has(path.slice(snapshots.length + 1))) return false;
    } else if (!store.abandonedFiles().includes(path)) return false;
    this.#moveAway(path);
    rmSync(`${path}.lock`, { force: true });
    return true;
  }

  #moveAway(path: string): void {
    const to = this.#survey.store.temporaryPath();
    try {
      renameSync(path, to);
      this.#moved.push(to);
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error;
    }
  }
}

/** What was made of a layer with other times. */
function forgetRewritten({ database }: ContentStore, chain: string): void {
  // Defines the table.
  jsonTable(database, 'rewritten_layers').get('');
  // Keys begin with the chain and a blank; an exclamation mark comes after that.
  database.run('delete from rewritten_layers where key >= ? and key < ?', `${chain} `, `${chain}!`);
}

function isThere(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
