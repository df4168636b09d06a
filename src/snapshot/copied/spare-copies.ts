import { renameSync } from 'node:fs';
import { join } from 'node:path';
import type { CommittedLayer } from '../snapshotter.ts';

export interface SpareCopiesOptions {
  /** Makes a new directory on the file system of the layers. */
  readonly temporary: () => string;
  /** Removes such a directory. */
  readonly discard: (place: string) => void;
}

interface SpareCopy {
  /** A directory with `root` in it. */
  readonly place: string;
  /** Directory of the layer with what was moved out of the copy. */
  readonly layer: string;
}

/** As many as there may be stages that are built at a time; each takes as much room as a file system. */
const most = 4;

/** Copies that steps are done with: what comes next in a stage begins with the same files. */
export class SpareCopies {
  readonly #options: SpareCopiesOptions;
  /** By chain, the oldest first. */
  readonly #spare = new Map<string, SpareCopy>();

  constructor(options: SpareCopiesOptions) {
    this.#options = options;
  }

  /** Keeps what is left of a copy after the changes were moved out of it. */
  keep(root: string, { chain, directory }: CommittedLayer): void {
    this.#drop(chain);
    const place = this.#options.temporary();
    renameSync(root, join(place, 'root'));
    this.#spare.set(chain, { place, layer: directory });
    const [oldest] = this.#spare.keys();
    if (this.#spare.size > most && oldest !== undefined) this.#drop(oldest);
  }

  /**
   * Moves the copy that was kept of a chain to a path.
   *
   * @returns the directory of the layer that it lacks; undefined if there is no such copy
   */
  take(chain: string, root: string): string | undefined {
    const spare = this.#spare.get(chain);
    if (!spare) return undefined;
    renameSync(join(spare.place, 'root'), root);
    this.#drop(chain);
    return spare.layer;
  }

  clear(): void {
    for (const chain of [...this.#spare.keys()]) this.#drop(chain);
  }

  #drop(chain: string): void {
    const spare = this.#spare.get(chain);
    this.#spare.delete(chain);
    if (spare) this.#options.discard(spare.place);
  }
}
