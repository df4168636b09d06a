import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { tryLockFile } from '../system/flock.ts';
import { sha256Hex } from './hash.ts';
import { removeIfPossible } from './store-failure.ts';

/** How often it is tried again; from the first to the last. Milliseconds. */
const firstPause = 1;
const longestPause = 50;

/** Locks by key, between processes and within one. A process that dies gives its locks back. */
export class KeyLocks {
  readonly #directory: string;
  /** Who comes last in this process, by key: only the first in line competes with other processes. */
  readonly #last = new Map<string, Promise<undefined>>();

  /** @param directory made if it is not there */
  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Waits for the lock. Dispose of what is returned to give it back. Rejects with the reason of the signal if it is aborted. */
  async lock(key: string, signal?: AbortSignal): Promise<AsyncDisposable> {
    signal?.throwIfAborted();
    const before = this.#last.get(key);
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const mine = before ? before.then(() => promise) : promise;
    this.#last.set(key, mine);
    const leave = (): void => {
      if (this.#last.get(key) === mine) this.#last.delete(key);
      resolve(undefined);
    };
    try {
      if (before) await orAborted(before, signal);
      const release = await this.#lockFile(key, signal);
      return {
        [Symbol.asyncDispose]: () => {
          release();
          leave();
          return Promise.resolve();
        },
      };
    } catch (error) {
      leave();
      throw error;
    }
  }

  /** Takes the lock if nobody has it. */
  tryLock(key: string): AsyncDisposable | undefined {
    if (this.#last.has(key)) return undefined;
    const release = tryLockPath(this.#path(key));
    if (!release) return undefined;
    const { promise, resolve } = Promise.withResolvers<undefined>();
    this.#last.set(key, promise);
    return {
      [Symbol.asyncDispose]: () => {
        release();
        if (this.#last.get(key) === promise) this.#last.delete(key);
        resolve(undefined);
        return Promise.resolve();
      },
    };
  }

  /** Removes the files of locks that nobody has. */
  removeAbandoned(): void {
    if (!statSync(this.#directory, { throwIfNoEntry: false })) return;
    for (const name of readdirSync(this.#directory)) tryLockPath(join(this.#directory, name))?.();
  }

  #lockFile(key: string, signal: AbortSignal | undefined): Promise<() => void> {
    return lockPath(this.#path(key), signal);
  }

  /** The file of a key, in a directory that is there. */
  #path(key: string): string {
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    return join(this.#directory, `${sha256Hex(key)}.lock`);
  }
}

/**
 * Waits for the lock that a file stands for, which is made for that and removed afterwards. What is returned gives it back.
 * Rejects with the reason of the signal if that is aborted.
 */
export async function lockPath(path: string, signal?: AbortSignal): Promise<() => void> {
  for (let pause = firstPause; ; pause = Math.min(pause * 2, longestPause)) {
    const release = tryLockPath(path);
    if (release) return release;
    await sleep(pause, undefined, signal && { signal }).catch((error: unknown) => {
      throw signal?.aborted === true ? signal.reason : error;
    });
  }
}

/** The lock that {@link lockPath} waits for, if nobody has it: the function that gives it back. */
export function tryLockPath(path: string): (() => void) | undefined {
  const fd = openSync(path, 'a', 0o600);
  try {
    // The file goes with the lock, so one that is no longer there locks nothing.
    if (tryLockFile(fd, 'exclusive') && isAt(path, fd)) {
      return () => {
        removeIfPossible(path);
        closeSync(fd);
      };
    }
  } catch (error) {
    closeSync(fd);
    throw error;
  }
  closeSync(fd);
  return undefined;
}

function isAt(path: string, fd: number): boolean {
  return statSync(path, { throwIfNoEntry: false, bigint: true })?.ino === fstatSync(fd, { bigint: true }).ino;
}

async function orAborted(promise: Promise<unknown>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) {
    await promise;
    return;
  }
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => {
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', abort, { once: true });
  try {
    await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
