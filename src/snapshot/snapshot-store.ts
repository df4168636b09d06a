import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync, renameSync, rmSync, rmdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../content/database.ts';
import { assert } from '../diagnostic/assert.ts';
import { descriptorToJson, type Descriptor } from '../spec/descriptor.ts';
import { mountFlags, unmount } from '../system/mount.ts';
import { mountOverlay } from '../system/overlay.ts';
import { likeRoot } from './like-root.ts';
import { SnapshotTable, type SnapshotRecord } from './snapshot-table.ts';

export interface SnapshotStoreOptions {
  readonly database: Database;
  /** What to write beside a layer that is used: see `Holdings.now`. */
  readonly now: () => number;
  /** Directory of the directories of layers. */
  readonly directory: string;
  /** A new path on the same file system, which is removed when the process ends. */
  readonly temporary: () => string;
  /** overlayfs keeps its marks in `user.` attributes: in a user namespace. */
  readonly userXattr: boolean;
  /** Unpacks the layer that a descriptor (JSON) names into a directory, which it makes. */
  readonly unpack: (work: UnpackWork) => Promise<void>;
}

export interface UnpackWork {
  readonly blob: string;
  readonly diffId: string;
  readonly directory: string;
  /** Directories of the layers below, bottom first. */
  readonly parent: readonly string[];
}

/** A layer of an image. */
export interface ImageLayer {
  readonly diffId: string;
  readonly descriptor: Descriptor;
}

/** A layer that a step is making. */
export interface Draft {
  readonly parent: string;
  /** Directories of the layers below, bottom first. */
  readonly lowers: readonly string[];
  /** Where changes go. */
  readonly upper: string;
  /** For overlayfs. */
  readonly work: string;
  /** ns since 1970 when it was begun. */
  readonly since: bigint;
}

/** Chain id of a layer on top of others. */
export function chainOf(parent: string, diffId: string): string {
  return parent === '' ? diffId : `sha256:${createHash('sha256').update(`${parent} ${diffId}`).digest('hex')}`;
}

/** The layers of all images and steps. An empty chain stands for the file system with nothing in it. */
export class SnapshotStore {
  readonly #options: SnapshotStoreOptions;
  readonly #table: SnapshotTable;
  readonly #unpacking = new Map<string, Promise<string>>();
  readonly #mounts = new Map<string, Promise<string>>();
  readonly #removals: Promise<void>[] = [];

  constructor(options: SnapshotStoreOptions) {
    this.#options = options;
    this.#table = new SnapshotTable(options.database, options.now);
  }

  /** Whether the chain and all below it are known, and can be made. */
  has(chain: string): boolean {
    return this.#table.stack(chain) !== undefined;
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
  async directories(chain: string): Promise<readonly string[]> {
    const records = this.stack(chain);
    if (records.every(({ directory }) => directory !== undefined))
      return records.map(({ directory }) => this.#path(directory ?? ''));
    const directories: string[] = [];
    for (const record of records) directories.push(await this.#directory(record, directories));
    return directories;
  }

  /** Begins a layer on top of a chain. `sources` are chains that files may be copied from. */
  async prepare(parent: string, sources: readonly string[] = []): Promise<Draft> {
    const lowers = await this.directories(parent);
    const place = this.#temporary();
    const [upper, work] = [join(place, 'fs'), join(place, 'work')];
    mkdirSync(work, { mode: 0o700 });
    // The clock of the file system, which is some ms behind.
    const now = lstatSync(work, { bigint: true }).mtimeNs;
    mkdirSync(upper);
    likeRoot(upper, lowers.at(-1));
    return { parent, lowers, upper, work, since: this.#earliest([parent, ...sources], now) };
  }

  /** Runs something with the file system of a draft at a path, whose changes go into the draft. */
  async withMounted<Value>(draft: Draft, use: (root: string) => Promise<Value>): Promise<Value> {
    const { lowers, upper, work } = draft;
    if (lowers.length === 0) return use(upper);
    const root = this.#temporary();
    mountOverlay({ lowers, upper, work, target: root, userXattr: this.#options.userXattr });
    try {
      return await use(root);
    } finally {
      unmount(root, mountFlags.MNT_DETACH);
      rmdirSync(root);
    }
  }

  /** Keeps a draft as a layer; if there is such a layer already, that stays. Its chain is the answer. */
  commit({ parent, upper, since }: Draft, diffId: string): string {
    const chain = chainOf(parent, diffId);
    this.#move(upper, { chain, parent, diffId, blob: undefined, created: Date.now(), since });
    this.discard(upper);
    return chain;
  }

  /** Removes what is left of a draft, on another thread: it takes longer than one would think. */
  discard(upper: string): void {
    const removal = rm(join(upper, '..'), { recursive: true, force: true });
    this.#removals.push(removal.catch(() => undefined));
  }

  /** The file system of a chain, to be read only, at a path that is good until the process ends. */
  readable(chain: string): Promise<string> {
    const known = this.#mounts.get(chain) ?? this.#mountReadable(chain);
    this.#mounts.set(chain, known);
    // What failed may be tried again.
    known.catch(() => this.#mounts.delete(chain));
    return known;
  }

  /** Waits until what was discarded is gone. */
  async settle(): Promise<void> {
    await Promise.all(this.#removals.splice(0));
  }

  /** Forgets the mounts that {@link SnapshotStore.readable} made. */
  async close(): Promise<void> {
    await this.settle();
    for (const mounted of this.#mounts.values()) {
      const path = await mounted.catch(() => undefined);
      if (path !== undefined) tryUnmount(path);
    }
    this.#mounts.clear();
  }

  /** When the first of the steps began that made some chains, or now: nothing they wrote is older. ns since 1970. */
  #earliest(chains: readonly string[], now: bigint): bigint {
    const times = chains.map((chain) => this.#table.find(chain)?.since ?? 0n).filter((since) => since > 0n);
    return times.reduce((first, time) => (time < first ? time : first), now);
  }

  async #mountReadable(chain: string): Promise<string> {
    const directories = await this.directories(chain);
    const only = directories[0] ?? this.#temporary();
    if (directories.length < 2) return only;
    const target = this.#temporary();
    mountOverlay({ lowers: directories, target, userXattr: this.#options.userXattr });
    return target;
  }

  async #directory(record: SnapshotRecord, below: readonly string[]): Promise<string> {
    if (record.directory !== undefined) return this.#path(record.directory);
    const { chain } = record;
    const running = this.#unpacking.get(chain) ?? this.#unpack(record, [...below]);
    this.#unpacking.set(chain, running);
    try {
      return await running;
    } finally {
      this.#unpacking.delete(chain);
    }
  }

  async #unpack(record: SnapshotRecord, below: readonly string[]): Promise<string> {
    const known = this.#table.find(record.chain)?.directory;
    if (known !== undefined) return this.#path(known);
    const { blob, diffId } = record;
    assert(blob !== undefined, `layer ${record.chain} has neither a directory nor a blob`);
    const directory = join(this.#temporary(), 'fs');
    try {
      await this.#options.unpack({ blob, diffId, directory, parent: below });
      return this.#path(this.#move(directory, record));
    } finally {
      this.discard(directory);
    }
  }

  /** Name of the directory of a layer: what is moved there, or what another process has made. */
  #move(from: string, record: Omit<SnapshotRecord, 'directory'>): string {
    const { directory } = this.#table.addDirectory(record, (name) => {
      const place = join(this.#options.directory, name);
      // A name that is free may have been that of a process that died before it could say so.
      rmSync(place, { recursive: true, force: true });
      mkdirSync(place, { recursive: true, mode: 0o700 });
      renameSync(from, join(place, 'fs'));
    });
    assert(directory !== undefined, `layer ${record.chain} has a directory`);
    return directory;
  }

  #path(name: string): string {
    return join(this.#options.directory, name, 'fs');
  }

  #temporary(): string {
    const path = this.#options.temporary();
    mkdirSync(path, { recursive: true, mode: 0o700 });
    return path;
  }
}

function tryUnmount(path: string): void {
  try {
    unmount(path, mountFlags.MNT_DETACH);
  } catch {
    // It was never mounted: an empty directory.
  }
}
