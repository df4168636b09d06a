import { closeSync, mkdirSync, openSync, readFileSync, readdirSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { tryLockFile, unlockFile } from '../system/flock.ts';
import { monotonicTime } from '../system/monotonic-time.ts';
import { randomName } from '../system/random-name.ts';
import { isSystemError } from '../system/system-error.ts';
import { tryLockPath } from './key-locks.ts';
import { orStoreFailure } from './store-failure.ts';

const sessionEnding = '.session';
/** How long somebody who removes things may keep others waiting, and how often it is tried again. ms. */
const patience = 30_000;
const pause = 1;

/**
 * A process that uses a store, and what it uses: names, a line each, in a file that is locked as long as the process lives. A name
 * is written while the gate is open, which is closed, in the middle of a transaction, by who looks at all these files and then
 * removes what none of them names. So what is there after its name was written, stays. See docs/storage.md.
 */
export class StoreSession implements Disposable {
  readonly #locks: string;
  readonly #gatePath: string;
  #gate: number | undefined;
  #file: { readonly fd: number; readonly end: () => void } | undefined;

  /**
   * @param locks directory of locks, made if it is not there
   * @param gate file that is made if it is not there, and stays
   */
  constructor(locks: string, gate: string) {
    this.#locks = locks;
    this.#gatePath = gate;
  }

  /** Holds things by name until the process ends. */
  hold(names: readonly string[]): void {
    if (names.length === 0) return;
    orStoreFailure(() => {
      this.#file ??= this.#begin();
      const { fd } = this.#file;
      const open = this.#lockGate('shared');
      try {
        writeSync(fd, `${names.join('\n')}\n`);
      } finally {
        open();
      }
    });
  }

  /**
   * Closes the gate: until the function that it gives is called, nobody begins to hold anything. Only in a transaction, which has
   * to be over when the gate is opened again. Throws KilnError `content/store-busy`.
   */
  closeGate(): () => void {
    return orStoreFailure(() => this.#lockGate('exclusive'));
  }

  /** Everything that processes hold now, this one included; for longer than a moment only while the gate is closed. */
  held(): ReadonlySet<string> {
    const names = this.#live().flatMap((path) => readIfThere(path).split('\n'));
    return new Set(names.filter((name) => name !== ''));
  }

  /** How many other processes use the store now. */
  others(): number {
    return this.#live().length - (this.#file ? 1 : 0);
  }

  [Symbol.dispose](): void {
    if (this.#file) {
      closeSync(this.#file.fd);
      this.#file.end();
    }
    if (this.#gate !== undefined) closeSync(this.#gate);
    this.#file = undefined;
    this.#gate = undefined;
  }

  #begin(): { readonly fd: number; readonly end: () => void } {
    mkdirSync(this.#locks, { recursive: true, mode: 0o700 });
    for (;;) {
      const path = join(this.#locks, randomName() + sessionEnding);
      // Somebody may have taken the file for abandoned before it was locked.
      const end = tryLockPath(path);
      if (end) return { fd: openSync(path, 'a'), end };
    }
  }

  #lockGate(kind: 'shared' | 'exclusive'): () => void {
    const fd = (this.#gate ??= openSync(this.#gatePath, 'a', 0o600));
    for (const until = monotonicTime() + patience; !tryLockFile(fd, kind);) {
      if (monotonicTime() > until) throw busy(this.#gatePath);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pause);
    }
    return () => {
      unlockFile(fd);
    };
  }

  /** The files of processes that live. */
  #live(): readonly string[] {
    return namesIn(this.#locks).flatMap((name) => {
      if (!name.endsWith(sessionEnding)) return [];
      const path = join(this.#locks, name);
      const end = tryLockPath(path);
      end?.();
      return end ? [] : [path];
    });
  }
}

function busy(gate: string): KilnError {
  return new KilnError('content/store-busy', `another Kiln has kept ${gate} locked for long`, {
    hint: 'does something that removes things from the store hang?',
  });
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return '';
    throw error;
  }
}

function namesIn(directory: string): readonly string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return [];
    throw error;
  }
}
