import { closeSync, openSync, readSync } from 'node:fs';
import { isSystemError } from '../system/system-error.ts';
import { orStoreFailure, storeFailure } from './store-failure.ts';

/** What is read at a time, in bytes. */
const chunkSize = 1 << 18;

/** A file that grows. */
export interface GrowingFile {
  readonly path: string;
  /** Bytes that it has so far. */
  readonly size: number;
}

/**
 * A blob on its way into the store, for those who begin to read it before it is there: what has been written is read from the
 * file. So the one who writes never waits for the ones who read, and nothing is kept in memory.
 */
export class ArrivingBlob {
  /** Where it is in the end. */
  readonly #path: string;
  #file: GrowingFile | undefined;
  #isThere = false;
  #failure: { readonly error: unknown } | undefined;
  #change = Promise.withResolvers<undefined>();

  /** @param path where the blob is when all of it has arrived */
  constructor(path: string) {
    this.#path = path;
  }

  /** Tells it what there is of the blob. */
  readonly grow = (file: GrowingFile): void => {
    this.#file = file;
    this.#tell();
  };

  /** Follows the one who writes, to the end or to an error. */
  async follow(writing: Promise<void>): Promise<void> {
    try {
      await writing;
      this.#isThere = true;
    } catch (error) {
      this.#failure = { error };
      throw error;
    } finally {
      this.#tell();
    }
  }

  /**
   * All of the blob; ends when it is in the store, not before. Throws what the one who writes it threw, and KilnError
   * `content/read-failed`.
   */
  async *content(): AsyncGenerator<Uint8Array, void> {
    let fd: number | undefined;
    try {
      for (let at = 0; ;) {
        if (this.#failure) throw this.#failure.error;
        const size = this.#file?.size ?? (this.#isThere ? Infinity : 0);
        let length = 0;
        if (at < size || this.#isThere) {
          fd ??= this.#open();
          const chunk = Buffer.allocUnsafeSlow(Math.min(chunkSize, Math.max(size - at, 1)));
          // The machine still has in memory what was written a moment ago.
          length = read(fd, chunk, { at, path: this.#path });
          at += length;
          if (length > 0) yield chunk.subarray(0, length);
          else if (this.#isThere) return;
        }
        if (length === 0) await this.#change.promise;
      }
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
  }

  /** Between one look and the next, the file may have been moved to where the blob belongs. */
  #open(): number {
    try {
      return openSync(this.#file?.path ?? this.#path, 'r');
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw storeFailure(error);
      return orStoreFailure(() => openSync(this.#path, 'r'));
    }
  }

  #tell(): void {
    this.#change.resolve(undefined);
    this.#change = Promise.withResolvers();
  }
}

function read(fd: number, chunk: Buffer, { at, path }: { readonly at: number; readonly path: string }): number {
  return orStoreFailure(() => readSync(fd, chunk, 0, chunk.length, at), path);
}
