import { closeSync, constants, createReadStream, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseDigest } from '../spec/digest.ts';
import { isSystemError } from '../system/system-error.ts';
import type { StoredBlob } from './blob-writer.ts';
import { brokenImage } from './broken-image.ts';
import { digestBytes } from './hash.ts';
import { largestDocument } from './image-source.ts';
import type { ImageSource } from './image-source.ts';
import type { ContentStore } from './store.ts';

/** An OCI layout in a directory. */
export class LayoutSource implements ImageSource {
  readonly name: string;
  readonly #directory: string;
  readonly #store: ContentStore;

  constructor(directory: string, store: ContentStore) {
    this.name = directory;
    this.#directory = directory;
    this.#store = store;
  }

  file(path: string): Uint8Array | undefined {
    const fd = this.#open(path);
    if (fd === undefined) return undefined;
    try {
      if (fstatSync(fd).size > largestDocument) {
        throw brokenImage(this.name, `${path} is longer than ${largestDocument} bytes`);
      }
      return readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  }

  blobAt(path: string): StoredBlob | undefined {
    const bytes = this.file(path);
    return bytes && { digest: digestBytes(bytes), size: bytes.length };
  }

  has(digest: string): boolean {
    return this.#store.blobs.has(digest) || statSync(this.#path(digest), { throwIfNoEntry: false }) !== undefined;
  }

  read(digest: string): Uint8Array {
    if (this.#store.blobs.has(digest)) return this.#store.blobs.read(digest);
    const bytes = this.file(this.#relativePath(digest)) ?? new Uint8Array();
    if (digestBytes(bytes) !== digest) throw brokenImage(this.name, `${digest} does not have that digest`);
    return bytes;
  }

  start(digest: string): Uint8Array {
    const start = Buffer.alloc(4);
    const fd = this.#blob(digest);
    try {
      return start.subarray(0, readSync(fd, start));
    } finally {
      closeSync(fd);
    }
  }

  async keep(blob: StoredBlob): Promise<void> {
    if (this.#store.blobs.has(blob.digest)) return;
    const stream = createReadStream('', { fd: this.#blob(blob.digest), highWaterMark: 1 << 18 });
    await this.#store.blobs.write({ digest: blob.digest, size: blob.size }, stream);
  }

  #blob(digest: string): number {
    const fd = this.#open(this.#relativePath(digest));
    if (fd === undefined) throw brokenImage(this.name, `${digest} is missing`);
    return fd;
  }

  /** Undefined if it is not there. What is no file could keep whoever reads it waiting, or never end. */
  #open(path: string): number | undefined {
    let fd: number;
    try {
      fd = openSync(join(this.#directory, path), constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (cause) {
      if (isSystemError(cause, 'ENOENT', 'ENOTDIR')) return undefined;
      throw brokenImage(
        this.name,
        `${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
        cause,
      );
    }
    if (fstatSync(fd).isFile()) return fd;
    closeSync(fd);
    throw brokenImage(this.name, `${path} is not a file`);
  }

  #path(digest: string): string {
    return join(this.#directory, this.#relativePath(digest));
  }

  #relativePath(digest: string): string {
    return `blobs/${parseDigest(digest).replace(':', '/')}`;
  }
}
