import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Draft } from '../draft.ts';
import { likeRoot } from '../like-root.ts';
import type { ChangeableFiles, CommittedLayer, Snapshotter } from '../snapshotter.ts';
import { Breather } from './breather.ts';
import { findChanges } from './find-changes.ts';
import { flattenLayers } from './flatten-layers.ts';
import { SpareCopies, type SpareCopiesOptions } from './spare-copies.ts';
import { moveChanges } from './move-changes.ts';
import { waitForNextTick } from './next-tick.ts';
import { latestChange, noteFiles, type NotedFolder } from './noted-files.ts';

export interface CopyOptions extends SpareCopiesOptions {
  /** Marks go into `user.` attributes: in a user namespace. */
  readonly userXattr: boolean;
  /** Stops copying. */
  readonly signal?: AbortSignal | undefined;
}

/** A copy of the file system of a draft. */
interface Copy {
  readonly root: string;
  /** What it was like before anything was changed. */
  readonly noted: NotedFolder;
}

/** Copies file systems, and compares them afterwards: for where overlayfs cannot be had. */
export class CopySnapshotter implements Snapshotter {
  readonly #options: CopyOptions;
  readonly #copies = new WeakMap<Draft, Promise<Copy>>();
  readonly #spare: SpareCopies;

  constructor(options: CopyOptions) {
    this.#options = options;
    this.#spare = new SpareCopies(options);
  }

  async readable(layers: readonly string[]): Promise<string> {
    const { temporary, signal } = this.#options;
    const target = temporary();
    likeRoot(target, layers.at(-1));
    await flattenLayers({ layers, target, isReadOnly: true, signal });
    return target;
  }

  async changeable(draft: Draft): Promise<ChangeableFiles> {
    const copy = this.#copies.get(draft) ?? this.#copy(draft);
    this.#copies.set(draft, copy);
    return { lowers: [], upper: (await copy).root, work: '' };
  }

  async collect(draft: Draft): Promise<void> {
    const copy = await this.#copies.get(draft);
    if (!copy) return;
    const { signal, userXattr } = this.#options;
    const { root, noted } = copy;
    const changes = await findChanges({ root, noted, lowers: draft.lowers, breather: new Breather(signal) });
    moveChanges(changes, { from: root, to: draft.upper, userXattr });
  }

  committed({ upper }: Draft, layer: CommittedLayer): void {
    const root = rootOf(upper);
    // Otherwise the layer is that of another process, which is not where these changes have been moved to.
    if (existsSync(root) && !existsSync(upper)) this.#spare.keep(root, layer);
  }

  async scratch(directory: string): Promise<ChangeableFiles> {
    const { temporary, signal } = this.#options;
    const upper = temporary();
    likeRoot(upper, directory);
    await flattenLayers({ layers: [directory], target: upper, isReadOnly: false, signal });
    return { lowers: [], upper, work: '' };
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#spare.clear();
    return Promise.resolve();
  }

  async #copy({ parent, upper, work, lowers }: Draft): Promise<Copy> {
    const { signal } = this.#options;
    const root = rootOf(upper);
    const missing = this.#spare.take(parent, root);
    if (missing === undefined) mkdirSync(root);
    likeRoot(root, lowers.at(-1));
    const layers = missing === undefined ? lowers : [missing];
    await flattenLayers({ layers, target: root, isReadOnly: false, signal });
    const noted = await noteFiles(root, new Breather(signal));
    await waitForNextTick(work, latestChange(noted));
    return { root, noted };
  }
}

/** Of a draft: beside the directory of its changes, with which it goes. */
function rootOf(upper: string): string {
  return join(dirname(upper), 'root');
}
