import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { tryLockFile } from '../system/flock.ts';
import { randomName } from '../system/random-name.ts';
import { removeIfPossible } from './store-failure.ts';

const lockEnding = '.lock';

/**
 * A directory for what this process is writing, below `tmp/`. It is locked as long as the process lives, however it ends; who
 * comes later removes the directories that nobody holds.
 */
export class TemporaryFiles implements Disposable {
  readonly #parent: string;
  #held: { readonly directory: string; readonly lock: string; readonly fd: number } | undefined;
  #count = 0;

  /** @param parent made if it is not there */
  constructor(parent: string) {
    this.#parent = parent;
  }

  /** A path that nobody has used, in the directory of this process. Not made. */
  path(): string {
    this.#held ??= this.#claim();
    return join(this.#held.directory, String(this.#count++));
  }

  /** Removes what processes that are gone have left. */
  removeAbandoned(): void {
    if (statSync(this.#parent, { throwIfNoEntry: false })) removeAbandoned(this.#parent);
  }

  /** Paths of directories that processes that are gone have left. */
  abandoned(): readonly string[] {
    if (!exists(this.#parent)) return [];
    return readdirSync(this.#parent)
      .filter((name) => !name.endsWith(lockEnding) && !isLocked(join(this.#parent, name) + lockEnding))
      .map((name) => join(this.#parent, name));
  }

  [Symbol.dispose](): void {
    if (!this.#held) return;
    const { directory, lock, fd } = this.#held;
    this.#held = undefined;
    removeIfPossible(directory);
    removeIfPossible(lock);
    closeSync(fd);
  }

  #claim(): { directory: string; lock: string; fd: number } {
    mkdirSync(this.#parent, { recursive: true, mode: 0o700 });
    for (;;) {
      const directory = join(this.#parent, randomName());
      const lock = directory + lockEnding;
      const fd = lockNewFile(lock);
      if (fd === undefined) continue;
      mkdirSync(directory, { mode: 0o700 });
      return { directory, lock, fd };
    }
  }
}

/** The descriptor of a file that is locked; undefined if somebody took it for abandoned in between. */
function lockNewFile(path: string): number | undefined {
  const fd = openSync(path, 'wx', 0o600);
  if (tryLockFile(fd, 'exclusive') && fstatSync(fd).nlink > 0) return fd;
  closeSync(fd);
  return undefined;
}

/** The lock is made before its directory and removed after it, so a directory without one belongs to nobody. */
function removeAbandoned(parent: string): void {
  const names = readdirSync(parent);
  for (const name of names) {
    const path = join(parent, name);
    if (name.endsWith(lockEnding)) removeIfAbandoned(path);
    else if (!exists(path + lockEnding)) rmSync(path, { recursive: true, force: true });
  }
}

function removeIfAbandoned(lock: string): void {
  let fd: number;
  try {
    fd = openSync(lock, 'r');
  } catch {
    return;
  }
  try {
    if (!tryLockFile(fd, 'exclusive')) return;
    rmSync(lock.slice(0, -lockEnding.length), { recursive: true, force: true });
    rmSync(lock, { force: true });
  } finally {
    closeSync(fd);
  }
}

function isLocked(lock: string): boolean {
  let fd: number;
  try {
    fd = openSync(lock, 'r');
  } catch {
    return false;
  }
  try {
    return !tryLockFile(fd, 'shared');
  } finally {
    closeSync(fd);
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false }) !== undefined;
}
