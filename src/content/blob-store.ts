import { createHash } from 'node:crypto';
import {
  close,
  createReadStream,
  mkdirSync,
  open,
  read,
  readFileSync,
  renameSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { isSystemError } from '../system/system-error.ts';
import { digestAlgorithm, digestHex, parseDigest } from '../spec/digest.ts';
import type { Digest } from '../spec/digest.ts';
import type { GrowingFile } from './arriving-blob.ts';
import { BlobWriter } from './blob-writer.ts';
import type { ExpectedBlob, StoredBlob } from './blob-writer.ts';
import { orStoreFailure, storeFailure } from './store-failure.ts';
import { digestBytes, sha256Hex } from './hash.ts';
import type { Holdings } from './holdings.ts';
import type { TemporaryFiles } from './temporary-files.ts';
import { writeFileAside } from './write-aside.ts';

/** How much of a blob is read at a time, in bytes. */
const chunkSize = 1 << 18;

/**
 * Blobs by digest, each a file that never changes. Digests of others are checked before they become part of a path. A blob that
 * was asked for, and is there, stays until the process ends.
 */
export class BlobStore {
  readonly #root: string;
  readonly #temporary: TemporaryFiles;
  readonly #holdings: Holdings;
  /** What files were when this process had hashed and written them, by digest. */
  readonly #written = new Map<Digest, string>();

  /** @param root of the OCI layout */
  constructor(
    root: string,
    { temporary, holdings }: { readonly temporary: TemporaryFiles; readonly holdings: Holdings },
  ) {
    this.#root = root;
    this.#temporary = temporary;
    this.#holdings = holdings;
  }

  /** Where a blob is, or would be. Throws a `ValueError` if the digest is none. */
  path(digest: string): string {
    const checked = parseDigest(digest);
    return join(this.#root, 'blobs', digestAlgorithm(checked), digestHex(checked));
  }

  has(digest: string): boolean {
    return this.size(digest) !== undefined;
  }

  /** Bytes; undefined if it is not there. */
  size(digest: string): number | undefined {
    const path = this.path(digest);
    const stat = () => orStoreFailure(() => statSync(path, { throwIfNoEntry: false }));
    if (!stat()) return undefined;
    this.#holdings.hold('blob', digest);
    return stat()?.size;
  }

  /** Bytes on the disk of the store: free for this user, and in all; undefined if the disk does not count them. */
  room(): { readonly free: number; readonly total: number } | undefined {
    const { bavail, blocks, bsize } = orStoreFailure(() => statfsSync(this.#root));
    return blocks === 0 ? undefined : { free: bavail * bsize, total: blocks * bsize };
  }

  /** Holds several blobs, there or not, which takes less time than one after the other. */
  hold(digests: readonly string[]): void {
    this.#holdings.holdAll('blob', digests.map(parseDigest));
  }

  /** All of a blob, verified. Throws KilnError `content/blob-missing`, `content/blob-corrupt`. */
  read(digest: string): Buffer {
    const bytes = this.#orMissing(digest, () => readFileSync(this.path(digest)));
    if (hashOf(bytes, digestAlgorithm(parseDigest(digest))) !== digestHex(parseDigest(digest))) {
      throw new KilnError('content/blob-corrupt', `the store is damaged: ${digest} is not what it was`, {
        hint: `remove ${this.path(digest)}, and it will be made or fetched again`,
      });
    }
    return bytes;
  }

  /** Whether this process has written a blob, hashing it, and nobody has touched it since. */
  isVerified(digest: Digest): boolean {
    return this.#written.get(digest) === orStoreFailure(() => versionOf(this.path(digest)));
  }

  /** The bytes of a blob as a stream, not verified: whoever reads a layer checks its diff id. Throws as {@link read}. */
  stream(digest: string): Readable {
    if (!this.has(digest)) throw missing(digest);
    return blobStream(this.path(digest));
  }

  /** Keeps some bytes; at once, for small ones such as manifests. */
  put(bytes: Uint8Array | string): StoredBlob {
    const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
    const digest = digestBytes(content);
    const path = this.path(digest);
    if (!this.has(digest)) {
      orStoreFailure(() => {
        mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
        this.#holdings.hold('blob', digest);
        writeFileAside(path, content, { aside: this.#temporary.path() });
      });
    }
    return { digest, size: content.length };
  }

  /**
   * Keeps what a stream gives. Nothing remains if it fails or is not what was expected. Throws as {@link BlobWriter}.
   *
   * @param onGrowth is told what has been written
   */
  async write(
    expected: ExpectedBlob,
    content: AsyncIterable<Uint8Array>,
    onGrowth?: (file: GrowingFile) => void,
  ): Promise<StoredBlob> {
    await using writer = this.writer(expected);
    for await (const chunk of content) {
      await writer.write(chunk);
      onGrowth?.(writer);
    }
    return await writer.commit();
  }

  /** For content that comes bit by bit. */
  writer(expected: ExpectedBlob = {}): BlobWriter {
    if (expected.digest !== undefined) parseDigest(expected.digest);
    const publish = (path: string, { digest }: StoredBlob, isSafe: boolean): void => {
      // One that is there may be safe.
      if (isSafe || !this.has(digest)) this.#publish(path, digest);
    };
    return orStoreFailure(() => new BlobWriter(this.#temporary.path(), expected, publish));
  }

  /** A blob that is there already is the same; only its time is new, so that nobody takes it for forgotten. */
  #publish(from: string, digest: Digest): void {
    const path = this.path(digest);
    this.#holdings.hold('blob', digest);
    try {
      renameSync(from, path);
    } catch (error) {
      if (!isSystemError(error, 'ENOENT')) throw error;
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      renameSync(from, path);
    }
    this.#written.set(digest, versionOf(path));
  }

  /** Removes a blob, whether it is there or not. */
  remove(digest: string): void {
    rmSync(this.path(digest), { force: true });
  }

  #orMissing<Result>(digest: string, read: () => Result): Result {
    try {
      return read();
    } catch (cause) {
      throw isSystemError(cause, 'ENOENT') ? missing(digest, cause) : storeFailure(cause, this.path(digest));
    }
  }
}

/** What changes when a file does. */
function versionOf(path: string): string {
  const { ino, size, mtimeNs } = statSync(path, { bigint: true });
  return `${ino} ${size} ${mtimeNs}`;
}

type ReadDone = (error: NodeJS.ErrnoException | null, count: number, bytes: Buffer) => void;

/** A file as a stream, whose errors say which file it was, as those of reading do not by themselves. */
function blobStream(path: string): Readable {
  const readNamed = (...[fd, buffer, offset, length, at, done]: [number, Buffer, number, number, number, ReadDone]) => {
    read(fd, buffer, offset, length, at, (error, count, bytes) => {
      done(error && (storeFailure(error, path) as NodeJS.ErrnoException), count, bytes);
    });
  };
  return createReadStream(path, { highWaterMark: chunkSize, fs: { open, close, read: readNamed as typeof read } });
}

function missing(digest: string, cause?: unknown): KilnError {
  return new KilnError('content/blob-missing', `the store does not have ${digest}`, { cause });
}

function hashOf(bytes: Uint8Array, algorithm: string): string {
  return algorithm === 'sha256' ? sha256Hex(bytes) : createHash(algorithm).update(bytes).digest('hex');
}
