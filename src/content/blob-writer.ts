import { createHash } from 'node:crypto';
import { closeSync, fsync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { assert } from '../diagnostic/assert.ts';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { parseDigest } from '../spec/digest.ts';
import type { Digest } from '../spec/digest.ts';
import { Sha256 } from '../system/sha256.ts';
import { beginWriteback } from '../system/writeback.ts';
import { removeIfPossible, storeFailure } from './store-failure.ts';
import { writeAll } from './write-all.ts';

/** What a blob is meant to be. */
export interface ExpectedBlob {
  readonly digest?: string;
  /** Bytes. */
  readonly size?: number;
  /** Whoever gives it has checked that its digest is this one, so that it need not be found out again. */
  readonly isVerified?: boolean;
}

/** A blob that is there. */
export interface StoredBlob {
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
}

/** Moves the file of a blob to where it belongs; `isSafe` if it would survive a power failure. */
export type PublishBlob = (path: string, blob: StoredBlob, isSafe: boolean) => void;

const syncLater = promisify(fsync);

/** After so many bytes, the kernel is told to begin writing them to the disk. */
const writebackStride = 8 << 20;

/** Shorter chunks are written at once: the way to another thread and back takes longer. Bytes. */
const short = 1 << 16;

/**
 * Writes a blob to a temporary file and hashes it on the way. Then `commit`, or nothing remains: dispose of it in any case.
 *
 * One write at a time.
 */
export class BlobWriter implements AsyncDisposable {
  readonly #path: string;
  readonly #expected: ExpectedBlob;
  /** Absent if the digest is known. */
  readonly #hash: BlobHash | undefined;
  readonly #algorithm: string;
  readonly #publish: PublishBlob;
  #fd: number | undefined;
  #size = 0;
  /** Bytes that the kernel was told to write. */
  #begun = 0;
  #writeback: Promise<void> | undefined;

  constructor(path: string, expected: ExpectedBlob, publish: PublishBlob) {
    this.#path = path;
    this.#expected = expected;
    this.#algorithm = expected.digest?.split(':', 1)[0] ?? 'sha256';
    const isKnown = expected.isVerified === true && expected.digest !== undefined;
    this.#hash = isKnown ? undefined : blobHash(this.#algorithm);
    this.#publish = publish;
    this.#fd = openSync(path, 'wx', 0o600);
  }

  /** Where the bytes are until they are committed. */
  get path(): string {
    return this.#path;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Writes a chunk, which is free when the promise resolves. Throws KilnError `content/blob-size`, `content/write-failed`. */
  async write(chunk: Uint8Array): Promise<void> {
    const fd = this.#descriptor();
    const { size } = this.#expected;
    this.#size += chunk.length;
    if (size !== undefined && this.#size > size) throw wrongSize(this.#expected, `more than ${size}`);
    // The file is written on one thread while another hashes.
    const hashed = this.#hash?.update(chunk);
    try {
      if (chunk.length > short) await writeAll(fd, chunk);
      else for (let at = 0; at < chunk.length;) at += writeSync(fd, chunk, at);
    } catch (cause) {
      throw storeFailure(cause, this.#path);
    }
    this.#beginWriteback(fd);
    await hashed;
  }

  /**
   * Puts the blob into the store, where it is safe from power failures too; unless that is not wanted, since who reads it checks
   * its digest and can do without it.
   *
   * Throws KilnError `content/blob-digest`, `content/blob-size` if it is not what was expected; `content/write-failed`.
   */
  async commit({ isSafe = true }: { readonly isSafe?: boolean } = {}): Promise<StoredBlob> {
    const blob = await this.finish();
    try {
      if (isSafe) await syncLater(this.#descriptor());
      this.close();
      this.#publish(this.#path, blob, isSafe);
    } catch (cause) {
      throw storeFailure(cause, this.#path);
    }
    return blob;
  }

  /** Ends writing and says what was written, checked against what was expected; `commit` may follow, once. */
  async finish(): Promise<StoredBlob> {
    const { digest: wanted, size } = this.#expected;
    await this.#writeback;
    const found = this.#hash && `${this.#algorithm}:${await this.#hash.digest()}`;
    const digest = parseDigest(found ?? wanted ?? '');
    if (size !== undefined && this.#size !== size) throw wrongSize(this.#expected, String(this.#size));
    if (wanted !== undefined && wanted !== digest) {
      throw new KilnError('content/blob-digest', `content does not have digest ${wanted}: it has ${digest}`);
    }
    return { digest, size: this.#size };
  }

  /** Closes the file, which stays: for content that is committed later by {@link reopen}. */
  close(): void {
    if (this.#fd !== undefined) closeSync(this.#fd);
    this.#fd = undefined;
  }

  /** Opens a file that was closed again. */
  reopen(): void {
    this.#fd ??= openSync(this.#path, 'r+');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writeback;
    this.close();
    removeIfPossible(this.#path);
  }

  /** Otherwise all of a large blob is left to be written when it is committed. */
  #beginWriteback(fd: number): void {
    const [from, length] = [this.#begun, this.#size - this.#begun];
    if (this.#writeback || length < writebackStride) return;
    this.#begun = this.#size;
    this.#writeback = beginWriteback(fd, from, length).finally(() => {
      this.#writeback = undefined;
    });
  }

  #descriptor(): number {
    assert(this.#fd !== undefined, 'the blob writer is closed');
    return this.#fd;
  }
}

type BlobHash = Pick<Sha256, 'update' | 'digest'>;

/** Other algorithms than the usual one are rare. */
function blobHash(algorithm: string): BlobHash {
  if (algorithm === 'sha256') return new Sha256();
  const hash = createHash(algorithm);
  const update = (bytes: Uint8Array): undefined => void hash.update(bytes);
  return { update, digest: () => Promise.resolve(hash.copy().digest('hex')) };
}

function wrongSize({ digest, size }: ExpectedBlob, actual: string): KilnError {
  const what = digest === undefined ? 'content' : `content of ${digest}`;
  return new KilnError('content/blob-size', `${what} does not have ${String(size)} bytes: it has ${actual}`);
}
