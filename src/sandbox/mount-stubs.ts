import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  rmdirSync,
  statSync,
  unlinkSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { setTimes } from '../system/times.ts';
import { resolveInRoot } from './scoped-path.ts';

/** Something to mount on. */
export interface StubTarget {
  /** Inside the root, free of links. */
  readonly path: string;
  readonly type: 'directory' | 'file';
}

/** ns since 1970 of a directory before and after stubs were made in it. */
interface ParentTimes {
  readonly before: bigint;
  readonly after: bigint;
}

/** Makes what is missing of the paths of mounts, since only what exists can be mounted on, and removes it after the step. */
export class MountStubs {
  readonly #root: string;
  /** Inside the root, parents first. */
  readonly #made: string[] = [];
  /** Of directories in which something was made. */
  readonly #times = new Map<string, ParentTimes>();

  constructor(root: string, targets: readonly StubTarget[]) {
    this.#root = root;
    const before = new Map<string, bigint>();
    for (const { path, type } of targets) this.#make(path, type, before);
    for (const [parent, time] of before) {
      this.#times.set(parent, { before: time, after: modificationTime(root + parent) });
    }
  }

  /**
   * Removes what the step has put nothing into. A directory which had nothing but stubs made in it gets its time back; others
   * keep that of the step: https://github.com/moby/buildkit/issues/3148
   */
  remove(): void {
    /** What they are to be. */
    const times = new Map<string, bigint>();
    for (const path of this.#made.toReversed()) {
      // The step may have put symlinks into the way, which must not lead out.
      const resolved = resolveInRoot(this.#root, path);
      if (resolved !== '/') this.#remove(resolved, times);
    }
    for (const [parent, time] of times) {
      attempt(() => {
        setTimes(this.#root + parent, time);
      });
    }
  }

  /** @param before times of directories in which something is made */
  #make(path: string, type: StubTarget['type'], before: Map<string, bigint>): void {
    if (path === '/' || exists(this.#root + path)) return;
    const parent = dirname(path);
    if (!before.has(parent)) {
      this.#make(parent, 'directory', before);
      before.set(parent, modificationTime(this.#root + parent));
    }
    if (type === 'directory') mkdirSync(this.#root + path);
    else closeSync(openSync(this.#root + path, 'wx'));
    // Whatever the umask is.
    chmodSync(this.#root + path, type === 'directory' ? 0o755 : 0o644);
    this.#made.push(path);
  }

  /** @param times those that directories are to have again */
  #remove(path: string, times: Map<string, bigint>): void {
    const place = this.#root + path;
    const parent = dirname(path);
    attempt(() => {
      const status = lstatSync(place, { throwIfNoEntry: false });
      if (!status || (status.isDirectory() ? readdirSync(place).length > 0 : status.size > 0)) return;
      if (!times.has(parent)) times.set(parent, this.#timeWithout(parent));
      if (status.isDirectory()) rmdirSync(place);
      else unlinkSync(place);
    });
  }

  /** The time of a directory as if there had been no stubs in it. */
  #timeWithout(parent: string): bigint {
    const known = this.#times.get(parent);
    const now = modificationTime(this.#root + parent);
    return known?.after === now ? known.before : now;
  }
}

/** What is left of stubs is empty, and no reason for a step to fail. */
function attempt(work: () => void): void {
  try {
    work();
  } catch {
    // It is left.
  }
}

function modificationTime(path: string): bigint {
  return statSync(path, { bigint: true }).mtimeNs;
}

function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // Below a file: mounting will say so.
    return true;
  }
}
