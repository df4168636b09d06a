import { lstatSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Database } from '../content/database.ts';
import { assert } from '../diagnostic/assert.ts';
import { descriptorToJson, type Descriptor } from '../spec/descriptor.ts';
import { unmountAside } from '../system/mount.ts';
import { mountOverlay } from '../system/overlay.ts';
import { removeDirectoryAside } from '../system/remove-aside.ts';
import { chainOf } from './chain-id.ts';
import { chooseSnapshotter, type SnapshotterChoice } from './choose-snapshotter.ts';
import type { Draft } from './draft.ts';
import { LayerDirectories, type LayerDirectoriesOptions } from './layer-directories.ts';
import { likeRoot } from './like-root.ts';
import { SnapshotTable, type SnapshotRecord } from './snapshot-table.ts';
import type { ChangeableFiles, Snapshotter } from './snapshotter.ts';

export interface SnapshotStoreOptions
  extends
    Pick<LayerDirectoriesOptions, 'directory' | 'unpack' | 'expect'>,
    Omit<SnapshotterChoice, 'temporary' | 'discard'> {
  readonly database: Database;
  /** Holds a layer until the process ends, if it is there: see `StoreSession`. */
  readonly hold: (chain: string) => void;
  /** A new path on the file system of `directory`, which is removed when the process ends. */
  readonly temporary: () => string;
}

/** A layer with a blob: of an image, or of a step that made nothing else. */
export interface ImageLayer {
  readonly diffId: string;
  readonly descriptor: Descriptor;
}

/** The layers of all images and steps. An empty chain stands for the file system with nothing in it. */
export class SnapshotStore {
  readonly #options: SnapshotStoreOptions;
  readonly #table: SnapshotTable;
  readonly #layers: LayerDirectories;
  readonly #readable = new Map<string, Promise<string>>();
  readonly #unmounting: Promise<void>[] = [];
  readonly #discarding: Promise<void>[] = [];
  #chosen: Snapshotter | undefined;

  constructor(options: SnapshotStoreOptions) {
    this.#options = options;
    this.#table = new SnapshotTable(options.database, options.hold);
    this.#layers = new LayerDirectories({ ...options, table: this.#table, temporary: () => this.#temporary() });
  }

  /** Whether the chain and all below it are known, and can be made. */
  has(chain: string): boolean {
    return this.#table.has(chain);
  }

  /** The layers of a chain, bottom first. */
  stack(chain: string): readonly SnapshotRecord[] {
    const records = this.#table.stack(chain);
    assert(records !== undefined, `layer ${chain} is not in the store`);
    return records;
  }

  /** Chain of the layers of an image, none of which is unpacked. */
  addImage(layers: readonly ImageLayer[]): string {
    return layers.reduce((parent, { diffId, descriptor }) => {
      const chain = chainOf(parent, diffId);
      if (!this.#table.find(chain)?.blob) {
        const blob = JSON.stringify(descriptorToJson(descriptor));
        this.#table.add({ chain, parent, diffId, blob, directory: undefined, created: 0, since: 0n });
      }
      return chain;
    }, '');
  }

  /** The layers of one chain on top of another. */
  merge(base: string, top: string): string {
    const now = BigInt(Date.now()) * 1_000_000n;
    return this.stack(top).reduce((parent, record) => {
      const chain = chainOf(parent, record.diffId);
      this.#table.add({ ...record, chain, parent, since: this.#earliest([parent, record.chain], now) });
      return chain;
    }, base);
  }

  /** Directories of the layers of a chain, bottom first; what is missing is unpacked. */
  directories(chain: string): Promise<readonly string[]> {
    return this.#layers.of(this.stack(chain));
  }

  /** Begins a layer on top of a chain. `sources` are chains that files may be copied from. */
  async prepare(parent: string, sources: readonly string[] = []): Promise<Draft> {
    const lowers = await this.directories(parent);
    // What changed a layer is not to be there any more when others begin with it.
    await this.#unmounted();
    const place = this.#temporary();
    const [upper, work] = [join(place, 'fs'), join(place, 'work')];
    mkdirSync(work, { mode: 0o700 });
    // The clock of the file system, which is some ms behind.
    const now = lstatSync(work, { bigint: true }).mtimeNs;
    mkdirSync(upper);
    likeRoot(upper, lowers.at(-1));
    return { parent, lowers, upper, work, since: this.#earliest([parent, ...sources], now) };
  }

  /** When a step begins that is on top of a chain and copies from others: nothing it writes is older. Ns since 1970. */
  begin(parent: string, sources: readonly string[]): bigint {
    return this.#earliest([parent, ...sources], BigInt(Date.now()) * 1_000_000n);
  }

  /** Keeps a layer whose blob is in the store. It is unpacked when somebody wants its files. Its chain is the answer. */
  addPlanned(parent: string, { diffId, descriptor }: ImageLayer, since: bigint): string {
    const chain = chainOf(parent, diffId);
    const blob = JSON.stringify(descriptorToJson(descriptor));
    this.#table.add({ chain, parent, diffId, blob, directory: undefined, created: Date.now(), since });
    if (this.#table.find(chain)?.blob !== blob) this.#table.replaceBlob(chain, blob);
    return chain;
  }

  /** The blob that is all there is of a layer of a step: JSON of its descriptor. */
  onlyBlob(chain: string): string | undefined {
    const record = this.#table.find(chain);
    return record && record.created > 0 && record.directory === undefined ? record.blob : undefined;
  }

  /** The whole file system of a draft, to be changed. */
  async changeable(draft: Draft): Promise<ChangeableFiles> {
    return draft.lowers.length === 0 ? draft : this.#snapshotter().changeable(draft);
  }

  /** Runs something with the file system of a draft at a path. */
  async withMounted<Value>(draft: Draft, use: (root: string) => Promise<Value>): Promise<Value> {
    const { lowers, upper, work } = await this.changeable(draft);
    if (lowers.length === 0) return use(upper);
    const root = this.#temporary();
    mountOverlay({ lowers, upper, work, target: root, userXattr: this.#options.userXattr });
    try {
      return await use(root);
    } finally {
      const unmounted = unmountAside(root).then(() => removeDirectoryAside(root));
      // It is in the temporary directory, which is removed in the end.
      this.#unmounting.push(unmounted.catch(() => undefined));
    }
  }

  /** Sees to it that all changes of a draft are in its directory; there must be no others after that. */
  async collect(draft: Draft): Promise<void> {
    await this.#chosen?.collect(draft);
  }

  /** Keeps a draft whose changes were collected as a layer; if there is such a layer, that stays. Its chain is the answer. */
  commit(draft: Draft, diffId: string): string {
    const { parent, upper, since } = draft;
    const chain = chainOf(parent, diffId);
    const name = this.#layers.add(upper, { chain, parent, diffId, blob: undefined, created: Date.now(), since });
    this.#chosen?.committed(draft, { chain, directory: this.#layers.path(name) });
    this.#layers.discardPlace(dirname(upper), upper);
    return chain;
  }

  /** Removes what is left of a draft. */
  discard(upper: string): void {
    this.#layers.discard(dirname(upper));
  }

  /** The file system of a chain, to be read only, at a path that is good until the store is closed. */
  readable(chain: string): Promise<string> {
    const known = this.#readable.get(chain) ?? this.#makeReadable(chain);
    this.#readable.set(chain, known);
    // What failed may be tried again.
    known.catch(() => this.#readable.delete(chain));
    return known;
  }

  /**
   * A directory that can be changed, which changes nothing of the one that it shows. A file is the only one of `lowers`, to be
   * copied to `upper`.
   */
  async scratch(path: string): Promise<ChangeableFiles> {
    if (!lstatSync(path).isDirectory()) return { lowers: [path], upper: this.#temporary(), work: '' };
    return this.#snapshotter().scratch(path);
  }

  /** Waits until what was discarded is gone. */
  async settle(): Promise<void> {
    await this.#unmounted();
    await Promise.all(this.#discarding.splice(0));
    await this.#layers.settle();
  }

  /** Ends what {@link SnapshotStore.readable} has given. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#readable.values());
    this.#readable.clear();
    this.#table.flush();
    await this.#chosen?.[Symbol.asyncDispose]();
    this.#chosen = undefined;
    await this.settle();
  }

  async #unmounted(): Promise<void> {
    await Promise.all(this.#unmounting.splice(0));
  }

  /** When the first of the steps began that made some chains, or now: nothing they wrote is older. ns since 1970. */
  #earliest(chains: readonly string[], now: bigint): bigint {
    const times = chains.map((chain) => this.#table.find(chain)?.since ?? 0n).filter((since) => since > 0n);
    return times.reduce((first, time) => (time < first ? time : first), now);
  }

  async #makeReadable(chain: string): Promise<string> {
    const directories = await this.directories(chain);
    const only = directories[0] ?? this.#temporary();
    return directories.length < 2 ? only : this.#snapshotter().readable(directories);
  }

  #snapshotter(): Snapshotter {
    return (this.#chosen ??= chooseSnapshotter({
      ...this.#options,
      temporary: () => this.#temporary(),
      discard: (place, unmounted = Promise.resolve()) => {
        const discarded = unmounted.then(() => {
          this.#layers.discard(place);
        });
        // It is in the temporary directory, which is removed in the end.
        this.#discarding.push(discarded.catch(() => undefined));
      },
    }));
  }

  #temporary(): string {
    const path = this.#options.temporary();
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }
}
