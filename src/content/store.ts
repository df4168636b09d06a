import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isKilnError } from '../diagnostic/kiln-error.ts';
import type { Digest } from '../spec/digest.ts';
import { mediaTypes } from '../spec/media-type.ts';
import { goJson } from '../spec/json.ts';
import { makeDirectories } from '../system/make-directories.ts';
import { BlobStore } from './blob-store.ts';
import type { BlobWriter, ExpectedBlob, StoredBlob } from './blob-writer.ts';
import { Database } from './database.ts';
import { Holdings } from './holdings.ts';
import { ImageNames } from './image-names.ts';
import { KeyLocks } from './key-locks.ts';
import { LayerBlobs } from './layer-blobs.ts';
import { LayerSegments } from './layer-segments.ts';
import { orStoreFailure } from './store-failure.ts';
import { StoreSession } from './store-session.ts';
import { TemporaryFiles } from './temporary-files.ts';
import { writeFileAside } from './write-aside.ts';

/** Everything that Kiln keeps, in one directory. Close it when done. */
export class ContentStore implements Disposable, AsyncDisposable {
  /** Absolute path of the directory. */
  readonly root: string;
  readonly blobs: BlobStore;
  /** Tables of every room, which each defines its own. */
  readonly database: Database;
  /** This process, as others see it. */
  readonly session: StoreSession;
  /** What this process uses. */
  readonly holdings: Holdings;
  /** Images by name. */
  readonly images: ImageNames;
  /** Which blobs there are of a layer. */
  readonly layers: LayerBlobs;
  /** What they were made of. */
  readonly segments: LayerSegments;
  readonly #temporary: TemporaryFiles;
  readonly #locks: KeyLocks;

  constructor(root: string) {
    this.root = root;
    this.#temporary = new TemporaryFiles(join(root, 'tmp'));
    this.#locks = new KeyLocks(join(root, 'locks'));
    this.database = new Database(join(root, 'kiln.db'));
    this.session = new StoreSession(join(root, 'locks'), join(root, 'gate'));
    this.holdings = new Holdings(this.database, this.session);
    this.blobs = new BlobStore(root, { temporary: this.#temporary, holdings: this.holdings });
    this.images = new ImageNames(this.database, join(root, 'index.json'), () => this.temporaryPath());
    this.layers = new LayerBlobs(this.database, this.blobs);
    this.segments = new LayerSegments(this.database, this.blobs);
  }

  /** {@link BlobStore.path} */
  blobPath(digest: Digest): string {
    return this.blobs.path(digest);
  }

  /** {@link BlobStore.has} */
  hasBlob(digest: Digest): boolean {
    return this.blobs.has(digest);
  }

  /** {@link BlobStore.read} */
  readBlob(digest: Digest): Buffer {
    return this.blobs.read(digest);
  }

  /** {@link BlobStore.put} */
  writeBlob(bytes: Uint8Array | string): StoredBlob {
    return this.blobs.put(bytes);
  }

  /** {@link BlobStore.writer} */
  blobWriter(expected?: ExpectedBlob): BlobWriter {
    return this.blobs.writer(expected);
  }

  /** A path on the file system of the store that nobody uses; what is made there goes with this process at the latest. */
  temporaryPath(): string {
    return orStoreFailure(() => this.#temporary.path());
  }

  /**
   * Waits until no other process, and nobody else in this one, has the lock of a key, and takes it. Dispose of what is returned
   * to give it back; a process that dies gives it back, too. Rejects with the reason of the signal if that is aborted.
   */
  lockKey(key: string, signal?: AbortSignal): Promise<AsyncDisposable> {
    return this.#locks.lock(key, signal);
  }

  /** The lock of a key, as {@link lockKey} gives it, if nobody has it. */
  tryLockKey(key: string): AsyncDisposable | undefined {
    return this.#locks.tryLock(key);
  }

  /** Paths of what processes that were killed have left. */
  abandonedFiles(): readonly string[] {
    return this.#temporary.abandoned();
  }

  /** Removes what processes that were killed have left. */
  removeAbandoned(): void {
    if (this.#temporary.abandoned().length > 0) this.#mendIndex();
    this.#temporary.removeAbandoned();
    this.#locks.removeAbandoned();
  }

  [Symbol.dispose](): void {
    this.#temporary[Symbol.dispose]();
    this.#flush();
    this.session[Symbol.dispose]();
    this.database.close();
  }

  /** One of them may have been about to write it. What is wrong with the database, who asks something of it will hear. */
  #mendIndex(): void {
    try {
      this.images.writeIndex();
    } catch (error) {
      if (!isKilnError(error)) throw error;
    }
  }

  /** Without it, something is removed sooner than it might be; that is no reason to fail. */
  #flush(): void {
    try {
      this.holdings.flush();
    } catch (error) {
      if (!isKilnError(error)) throw error;
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    this[Symbol.dispose]();
    return Promise.resolve();
  }
}

/** Opens a store as {@link openContentStore} does, but leaves in it what killed processes have left. */
export function openStoreAsItIs(root: string): ContentStore {
  orStoreFailure(() => {
    makeLayout(root);
  });
  return new ContentStore(root);
}

/**
 * Opens the store in a directory, which is made if it is not there. Takes a fraction of a millisecond: the database is opened
 * when something is first asked of it. Throws KilnError `content/write-failed`.
 *
 * @param root absolute path
 */
export function openContentStore(root: string): ContentStore {
  const store = openStoreAsItIs(root);
  orStoreFailure(() => {
    store.removeAbandoned();
  });
  return store;
}

function makeLayout(root: string): void {
  const layoutFile = join(root, 'oci-layout');
  if (statSync(layoutFile, { throwIfNoEntry: false })) return;
  makeDirectories(join(root, 'blobs', 'sha256'), 0o700);
  const indexFile = join(root, 'index.json');
  if (!statSync(indexFile, { throwIfNoEntry: false })) {
    writeFileAside(indexFile, goJson({ schemaVersion: 2, mediaType: mediaTypes.oci.index, manifests: [] }));
  }
  // Last, since it says that the rest is there.
  writeFileAside(layoutFile, '{"imageLayoutVersion":"1.0.0"}');
}
