import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { quote } from '../spec/quote.ts';
import { joinPath, parentPath } from '../spec/slash-path.ts';
import type { TarEntry } from '../spec/tar/entry.ts';
import { TarReader } from '../spec/tar/tar-reader.ts';
import { UnpackMeter, type UnpackLimits } from '../system/unpack-limits.ts';
import type { BlobWriter, StoredBlob } from './blob-writer.ts';
import { brokenImage } from './broken-image.ts';
import { decompress } from './decompress.ts';
import { largestDocument } from './image-source.ts';
import type { ImageSource } from './image-source.ts';
import type { ContentStore } from './store.ts';

/** A file of the archive, hashed and kept aside until it is known whether it is wanted. */
interface Pending {
  readonly blob: StoredBlob;
  /** Absent if the store had it before. */
  readonly writer?: BlobWriter;
}

const blobPath = /^blobs\/([a-z0-9]+)\/([a-f0-9]{64,128})$/;
const deepestLink = 8;

/**
 * An archive of images, read once from front to back; files may come in any order. What is not kept by the end is removed: dispose
 * of it in any case.
 */
export class ArchiveSource implements ImageSource, AsyncDisposable {
  readonly name: string;
  readonly #store: ContentStore;
  readonly #limits: UnpackLimits | undefined;
  readonly #files = new Map<string, Pending>();
  readonly #blobs = new Map<string, Pending>();
  /** Older versions of Docker write a layer once and link to it. */
  readonly #links = new Map<string, string>();

  /** @param name for messages; `limits` are the default ones if absent */
  constructor(name: string, store: ContentStore, limits?: UnpackLimits) {
    this.name = name;
    this.#store = store;
    this.#limits = limits;
  }

  /** Reads the archive, which may be compressed. Throws KilnError `content/broken-image`, `system/unpack-limit`,
   * a `ValueError`, and what it throws. */
  async load(content: AsyncIterable<Uint8Array>): Promise<void> {
    const meter = new UnpackMeter(this.#limits);
    const unpacked = (await decompress(meter.packed(content))).content;
    const reader = new TarReader(meter.unpacked(unpacked));
    for (let entry = await reader.next(); entry; entry = await reader.next()) {
      meter.entry(entry.kind === 'file' ? entry.size : 0);
      const path = joinPath(entry.path);
      if (entry.kind === 'file') await this.#add(path, reader.content());
      else if (entry.kind === 'symlink' || entry.kind === 'hard-link') this.#links.set(path, linkTarget(path, entry));
    }
  }

  file(path: string): Uint8Array | undefined {
    const pending = this.#find(path);
    return pending && this.#document(pending, path);
  }

  blobAt(path: string): StoredBlob | undefined {
    return this.#find(path)?.blob;
  }

  has(digest: string): boolean {
    return this.#blobs.has(digest) || this.#store.blobs.has(digest);
  }

  read(digest: string): Uint8Array {
    const pending = this.#blobs.get(digest);
    return pending ? this.#document(pending, digest) : this.#store.blobs.read(digest);
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

  async keep({ digest, size }: StoredBlob): Promise<void> {
    const pending = this.#blobs.get(digest);
    const actual = pending?.blob.size ?? this.#store.blobs.size(digest);
    if (actual !== size) throw brokenImage(this.name, `${digest} has ${String(actual)} bytes, not ${size}`);
    if (!pending?.writer || this.#store.blobs.has(digest)) return;
    pending.writer.reopen();
    await pending.writer.commit();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { writer } of this.#files.values()) await writer?.[Symbol.asyncDispose]();
  }

  async #add(path: string, content: AsyncIterable<Uint8Array>): Promise<void> {
    const match = blobPath.exec(path);
    const digest = match && `${match[1] ?? ''}:${match[2] ?? ''}`;
    const known = digest === null ? undefined : this.#store.blobs.size(digest);
    const before = this.#files.get(path);
    const pending =
      digest !== null && known !== undefined
        ? { blob: { digest, size: known } as StoredBlob }
        : await this.#write(digest ?? undefined, content);
    await before?.writer?.[Symbol.asyncDispose]();
    this.#files.set(path, pending);
    this.#blobs.set(pending.blob.digest, pending);
  }

  async #write(digest: string | undefined, content: AsyncIterable<Uint8Array>): Promise<Pending> {
    const writer = this.#store.blobs.writer(digest === undefined ? {} : { digest });
    try {
      for await (const chunk of content) await writer.write(chunk);
      const blob = await writer.finish();
      writer.close();
      return { blob, writer };
    } catch (error) {
      await writer[Symbol.asyncDispose]();
      throw error;
    }
  }

  #find(path: string): Pending | undefined {
    let at = path;
    for (let depth = 0; depth < deepestLink; depth++) {
      const file = this.#files.get(at);
      if (file) return file;
      const target = this.#links.get(at);
      if (target === undefined) return undefined;
      at = target;
    }
    throw brokenImage(this.name, `${quote(path)} is a link that leads nowhere`);
  }

  #document({ blob, writer }: Pending, what: string): Uint8Array {
    if (blob.size > largestDocument)
      throw brokenImage(this.name, `${quote(what)} is longer than ${largestDocument} bytes`);
    return writer && !this.#store.blobs.has(blob.digest)
      ? readFileSync(writer.path)
      : this.#store.blobs.read(blob.digest);
  }

  #path(digest: string): string {
    const writer = this.#store.blobs.has(digest) ? undefined : this.#blobs.get(digest)?.writer;
    return writer?.path ?? this.#store.blobs.path(digest);
  }
}

function linkTarget(path: string, entry: Extract<TarEntry, { target: string }>): string {
  return entry.kind === 'symlink' ? joinPath(parentPath(path), entry.target) : joinPath(entry.target);
}
