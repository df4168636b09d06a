import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { holdingKey } from '../content/holdings.ts';
import { openContentStore, type ContentStore } from '../content/store.ts';
import { parseDescriptor, type Descriptor } from '../spec/descriptor.ts';
import type { UnpackWork } from './layer-directories.ts';
import { SnapshotStore } from './snapshot-store.ts';
import type { SnapshotterKind } from './snapshotter-kind.ts';

/*
 * For tests. A store in a directory of its own; the blob of a layer is a file `NAME` with its name in it.
 */

/** A store, which is gone when it is disposed of. `open` opens it once more, as another process would. */
export class TestStore implements AsyncDisposable {
  readonly root: string;
  readonly content: ContentStore;
  readonly snapshots: SnapshotStore;
  /** What was unpacked, in order. */
  readonly unpacked: UnpackWork[] = [];
  /** What unpacking a layer does, besides making its directory. */
  unpack: (work: UnpackWork) => Promise<void> = () => Promise.resolve();
  readonly #opened: { readonly snapshots: SnapshotStore; readonly content: ContentStore }[] = [];

  readonly #kind: SnapshotterKind | undefined;

  constructor(name = 'kiln-snapshot-', kind?: SnapshotterKind) {
    this.#kind = kind;
    this.root = mkdtempSync(join(tmpdir(), name));
    ({ snapshots: this.snapshots, content: this.content } = this.open());
  }

  open(kind = this.#kind): { readonly snapshots: SnapshotStore; readonly content: ContentStore } {
    const content = openContentStore(this.root);
    const snapshots = new SnapshotStore({
      database: content.database,
      hold: (chain) => {
        content.session.hold([holdingKey('layer', chain)]);
      },
      directory: join(this.root, 'snapshots'),
      temporary: () => content.temporaryPath(),
      userXattr: false,
      kind,
      unpack: (work) => this.#unpack(work),
    });
    const opened = { snapshots, content };
    this.#opened.push(opened);
    return opened;
  }

  /** Commits a layer with a file; the name is that of the layer, too. */
  async addLayer(parent: string, name: string): Promise<string> {
    const draft = await this.snapshots.prepare(parent);
    writeFileSync(join(draft.upper, name), name);
    return this.snapshots.commit(draft, diffIdOf(name));
  }

  /** Entries below the directory of snapshots. */
  get names(): readonly string[] {
    return readdirSync(join(this.root, 'snapshots')).sort();
  }

  /** What is left of the work of this process. */
  async leftovers(): Promise<readonly string[]> {
    for (const { snapshots } of this.#opened) await snapshots.settle();
    const tmp = join(this.root, 'tmp');
    return readdirSync(tmp, { recursive: true, encoding: 'utf8' }).filter((path) => path.includes('/'));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { snapshots, content } of this.#opened) {
      await snapshots.close();
      await content[Symbol.asyncDispose]();
    }
    rmSync(this.root, { recursive: true });
  }

  async #unpack(work: UnpackWork): Promise<void> {
    this.unpacked.push(work);
    mkdirSync(work.directory);
    await this.unpack(work);
    const name = nameOf(work.blob);
    writeFileSync(join(work.directory, name), name);
  }
}

/** Digest of the tar of a layer. */
export function diffIdOf(name: string): string {
  return `sha256:${createHash('sha256').update(name).digest('hex')}`;
}

/** A layer of an image. */
export function imageLayer(name: string): { readonly diffId: string; readonly descriptor: Descriptor } {
  const descriptor = parseDescriptor({
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    digest: diffIdOf(`blob of ${name}`),
    size: 1,
    annotations: { name },
  });
  return { diffId: diffIdOf(name), descriptor };
}

/** Name of the layer that a blob is of. */
export function nameOf(blob: string): string {
  return parseDescriptor(JSON.parse(blob)).annotations?.['name'] ?? '';
}

/** Mounts below a directory. */
export function mountsBelow(directory: string): readonly string[] {
  const points = readFileSync('/proc/self/mountinfo', 'utf8').split('\n');
  return points.flatMap((line) => line.split(' ')[4] ?? []).filter((point) => point.startsWith(directory));
}
