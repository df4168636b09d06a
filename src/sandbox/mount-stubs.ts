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
  /** Inside the root. */
  readonly path: string;
  readonly type: 'directory' | 'file';
}

/** ns since 1970 of a directory before and after stubs were made in it. */
interface ParentTimes {
  readonly before: bigint;
  after: bigint;
}

/** Makes what is missing of the paths of mounts, since only what exists can be mounted on, and removes it after the step. */
export class MountStubs {
  readonly #root: string;
  /** Inside the root, parents first. */
  readonly #made: string[] = [];
  readonly #times = new Map<string, ParentTimes>();

  constructor(root: string, targets: readonly StubTarget[]) {
    this.#root = root;
    for (const { path, type } of targets) this.#make(resolveInRoot(root, path), type);
  }

  /**
   * Removes what the step has put nothing into. A directory which had nothing but stubs made in it gets its time back; others
   * keep that of the step: https://github.com/moby/buildkit/issues/3148
   */
  remove(): void {
    for (const path of this.#made.toReversed()) {
      // The step may have put symlinks into the way, which must not lead out.
      const resolved = resolveInRoot(this.#root, path);
      if (resolved !== '/') this.#remove(resolved);
    }
  }

  #make(path: string, type: StubTarget['type']): void {
    if (path === '/' || exists(this.#root + path)) return;
    const parent = dirname(path);
    this.#make(parent, 'directory');
    const before = modificationTime(this.#root + parent);
    if (type === 'directory') mkdirSync(this.#root + path);
    else closeSync(openSync(this.#root + path, 'wx'));
    // Whatever the umask is.
    chmodSync(this.#root + path, type === 'directory' ? 0o755 : 0o644);
    this.#made.push(path);
    const times = this.#times.get(parent) ?? { before, after: before };
    times.after = modificationTime(this.#root + parent);
    this.#times.set(parent, times);
  }

  #remove(path: string): void {
    const place = this.#root + path;
    const parent = dirname(path);
    try {
      const status = lstatSync(place, { throwIfNoEntry: false });
      if (!status || (status.isDirectory() ? readdirSync(place).length > 0 : status.size > 0)) return;
      const times = this.#times.get(parent);
      const now = modificationTime(this.#root + parent);
      if (status.isDirectory()) rmdirSync(place);
      else unlinkSync(place);
      setTimes(this.#root + parent, times && times.after === now ? times.before : now);
    } catch {
      // What is left is empty, and no reason for a step to fail.
    }
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
