import { lstatSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { assert } from '../diagnostic/assert.ts';
import { removeAside, removeListedAside } from '../system/remove-aside.ts';
import type { SnapshotRecord, SnapshotTable } from './snapshot-table.ts';

export interface UnpackWork {
  readonly blob: string;
  readonly diffId: string;
  readonly directory: string;
  /** Directories of the layers below, bottom first. */
  readonly parent: readonly string[];
}

export interface LayerDirectoriesOptions {
  readonly table: SnapshotTable;
  /** Directory of the directories of layers. */
  readonly directory: string;
  /** Makes a new directory on the same file system. */
  readonly temporary: () => string;
  /** Unpacks the layer that a descriptor (JSON) names into a directory, which it makes. */
  readonly unpack: (work: UnpackWork) => Promise<void>;
  /** Is told which blobs will be unpacked, in this order, before the first is. */
  readonly expect?: ((blobs: readonly string[]) => void) | undefined;
}

/** The directories of layers: each is made once, when it is first needed, by whichever process is first. */
export class LayerDirectories {
  readonly #options: LayerDirectoriesOptions;
  readonly #unpacking = new Map<string, Promise<string>>();
  readonly #removals: Promise<void>[] = [];

  constructor(options: LayerDirectoriesOptions) {
    this.#options = options;
  }

  /** Of some layers on top of each other, bottom first; what is missing is unpacked. */
  async of(records: readonly SnapshotRecord[]): Promise<readonly string[]> {
    if (records.every(({ directory }) => directory !== undefined))
      return records.map(({ directory }) => this.path(directory ?? ''));
    this.#options.expect?.(records.flatMap((record) => (this.#isMissing(record) ? (record.blob ?? []) : [])));
    const directories: string[] = [];
    for (const record of records) directories.push(await this.#directory(record, directories));
    return directories;
  }

  /** Name of the directory of a layer: what is moved there, or what another process has made. */
  add(from: string, record: Omit<SnapshotRecord, 'directory'>): string {
    const remove = (name: string) => {
      rmSync(join(this.#options.directory, name), { recursive: true, force: true });
    };
    const move = (name: string) => {
      // A name that is free may have been that of a process that died before it could say so.
      remove(name);
      mkdirSync(join(this.#options.directory, name), { recursive: true, mode: 0o700 });
      renameSync(from, this.path(name));
    };
    const { directory } = this.#options.table.addDirectory(record, { move, remove });
    assert(directory !== undefined, `layer ${record.chain} has a directory`);
    return directory;
  }

  /** Path of the directory of a name. */
  path(name: string): string {
    return join(this.#options.directory, name, 'fs');
  }

  /** Removes a directory of temporary files, on another thread: it takes longer than one would think. */
  discard(place: string): void {
    this.#removals.push(removeAside(place).catch(() => undefined));
  }

  /** Removes the place of a draft that became a layer. */
  discardPlace(place: string, upper: string): void {
    if (isThere(upper)) this.discard(place);
    else this.#removals.push(removeListedAside(place, draftLeavings).catch(() => undefined));
  }

  /** Waits until what was discarded is gone. */
  async settle(): Promise<void> {
    await Promise.all(this.#removals.splice(0));
  }

  #isMissing({ directory, chain }: SnapshotRecord): boolean {
    return directory === undefined && this.#options.table.find(chain)?.directory === undefined;
  }

  async #directory(record: SnapshotRecord, below: readonly string[]): Promise<string> {
    if (record.directory !== undefined) return this.path(record.directory);
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
    const known = this.#options.table.find(record.chain)?.directory;
    if (known !== undefined) return this.path(known);
    const { blob, diffId } = record;
    assert(blob !== undefined, `layer ${record.chain} has neither a directory nor a blob`);
    const place = this.#options.temporary();
    const directory = join(place, 'fs');
    try {
      await this.#options.unpack({ blob, diffId, directory, parent: below });
      return this.path(this.add(directory, record));
    } finally {
      this.discard(place);
    }
  }
}

/** What overlayfs makes in a directory of its own, for a mount that need not be safe from power failures. */
const draftLeavings: readonly string[] = [
  'work/work/incompat/volatile/dirty',
  'work/work/incompat/volatile/',
  'work/work/incompat/',
  'work/work/',
  'work/',
];

/** If that cannot be said, it may be. */
function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return true;
  }
}
