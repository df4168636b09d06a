import { mkdirSync, rmdirSync } from 'node:fs';
import { mount, mountFlags, unmount, unmountAside } from '../../system/mount.ts';

/** Empty directories to mount on, which leave nothing on the disk: they are in a file system in memory. */
export class MountPlaces implements Disposable {
  readonly #directory: string;
  #isMounted = false;
  #count = 0;

  /** @param directory is made if it is missing */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** A new one. */
  make(): string {
    if (!this.#isMounted) {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      mount({ source: 'kiln', target: this.#directory, type: 'tmpfs', flags: mountFlags.MS_NOSUID, data: 'mode=700' });
      this.#isMounted = true;
    }
    const path = `${this.#directory}/${++this.#count}`;
    mkdirSync(path, { mode: 0o700 });
    return path;
  }

  /** Gives one back, and unmounts what is on it. */
  async remove(path: string, isMounted: boolean): Promise<void> {
    if (isMounted) await unmountAside(path);
    rmdirSync(path);
  }

  [Symbol.dispose](): void {
    if (this.#isMounted) unmount(this.#directory, mountFlags.MNT_DETACH);
    this.#isMounted = false;
  }
}
