import { createReadStream, openSync, readFileSync, readSync, closeSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseDigest } from '../spec/digest.ts';
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
    const full = join(this.#directory, path);
    const size = statSync(full, { throwIfNoEntry: false })?.size;
    if (size === undefined) return undefined;
    if (size > largestDocument) throw brokenImage(this.name, `${path} is longer than ${largestDocument} bytes`);
    return readFileSync(full);
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
    const fd = openSync(this.#path(digest), 'r');
    try {
      return start.subarray(0, readSync(fd, start));
    } finally {
      closeSync(fd);
    }
  }

  async keep(blob: StoredBlob): Promise<void> {
    if (this.#store.blobs.has(blob.digest)) return;
    const stream = createReadStream(this.#path(blob.digest), { highWaterMark: 1 << 18 });
    await this.#store.blobs.write({ digest: blob.digest, size: blob.size }, stream);
  }

  #path(digest: string): string {
    return join(this.#directory, this.#relativePath(digest));
  }

  #relativePath(digest: string): string {
    return `blobs/${parseDigest(digest).replace(':', '/')}`;
  }
}
