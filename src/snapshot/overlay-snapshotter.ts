import { lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { mountFlags, unmount } from '../system/mount.ts';
import { mountOverlay } from '../system/overlay.ts';
import type { Draft } from './draft.ts';
import { likeRoot } from './like-root.ts';
import type { ChangeableFiles, Snapshotter } from './snapshotter.ts';

export interface OverlayOptions {
  /** Makes a new directory on the file system of the layers. */
  readonly temporary: () => string;
  /** overlayfs keeps its marks in `user.` attributes: in a user namespace. */
  readonly userXattr: boolean;
}

/** Mounts layers with overlayfs: nothing is copied before it is changed. */
export class OverlaySnapshotter implements Snapshotter {
  readonly #options: OverlayOptions;
  readonly #mounted: string[] = [];

  constructor(options: OverlayOptions) {
    this.#options = options;
  }

  async readable(layers: readonly string[]): Promise<string> {
    const target = this.#options.temporary();
    mountOverlay({ lowers: layers, target, userXattr: this.#options.userXattr });
    this.#mounted.push(target);
    return Promise.resolve(target);
  }

  changeable({ lowers, upper, work }: Draft): Promise<ChangeableFiles> {
    return Promise.resolve({ lowers, upper, work });
  }

  collect(): Promise<void> {
    return Promise.resolve();
  }

  committed(): void {
    // The layer is all there is.
  }

  scratch(directory: string): Promise<ChangeableFiles> {
    const place = this.#options.temporary();
    const [upper, work] = [join(place, 'fs'), join(place, 'work')];
    for (const path of [upper, work]) mkdirSync(path);
    if (lstatSync(directory).isDirectory()) likeRoot(upper, directory);
    return Promise.resolve({ lowers: [directory], upper, work });
  }

  [Symbol.asyncDispose](): Promise<void> {
    for (const target of this.#mounted.splice(0)) unmount(target, mountFlags.MNT_DETACH);
    return Promise.resolve();
  }
}
