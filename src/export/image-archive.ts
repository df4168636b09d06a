import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import type { ContentStore } from '../content/store.ts';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { digestAlgorithm, digestHex } from '../spec/digest.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { noXattrs } from '../spec/tar/entry.ts';
import type { TarWriter } from '../layer/tar-writer.ts';
import { blobPath, dockerManifestFile, imageBlobs, indexFile, layoutFile, namedDescriptors } from './layout-files.ts';
import type { LayoutNotes } from './layout-files.ts';
import { writeTarFile } from './output-file.ts';
import type { Destination } from './output-file.ts';
import type { WrittenImage } from './write-image.ts';

export interface ArchiveRequest extends LayoutNotes {
  readonly image: WrittenImage;
  readonly destination: Destination;
  /** `docker`: with the `manifest.json` that `docker load` reads. */
  readonly format: 'oci' | 'docker';
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes an image to an archive, an OCI layout in a tar. Its bytes depend on the image, its names and `created` alone: files are
 * sorted and have no times, as BuildKit and containerd do it.
 *
 * Throws KilnError `export/docker-platforms`, `export/write-failed`, `content/blob-corrupt`, `content/blob-missing`.
 */
export async function writeImageArchive(store: ContentStore, request: ArchiveRequest): Promise<void> {
  const { image, destination, format } = request;
  if (format === 'docker' && image.images.length > 1) {
    throw new KilnError(
      'export/docker-platforms',
      'docker exporter does not currently support exporting manifest lists',
      {
        hint: 'use type=oci for an image of several platforms',
      },
    );
  }
  const fill = async (tar: TarWriter): Promise<void> => {
    const blobs = imageBlobs(image);
    const folders = new Set(blobs.map(({ digest }) => `blobs/${digestAlgorithm(digest)}`));
    await tar.header({ kind: 'directory', path: 'blobs', ...attributes(0o755) });
    for (const folder of folders) {
      await tar.header({ kind: 'directory', path: folder, ...attributes(0o755) });
      for (const blob of blobs) if (blobPath(blob).startsWith(`${folder}/`)) await writeBlob(tar, store, blob);
    }
    await writeText(tar, 'index.json', indexFile(namedDescriptors(image, request)), 0o644);
    if (format === 'docker') await writeText(tar, 'manifest.json', dockerManifestFile(image, request), 0o644);
    await writeText(tar, 'oci-layout', layoutFile, 0o444);
  };
  await writeTarFile(destination, fill, request.signal);
}

function attributes(mode: number) {
  return { mode, uid: 0, gid: 0, mtimeNs: 0n, xattrs: noXattrs };
}

async function writeText(tar: TarWriter, path: string, text: string, mode: number): Promise<void> {
  const bytes = Buffer.from(text);
  await tar.header({ kind: 'file', path, size: bytes.length, ...attributes(mode) });
  await tar.write(bytes);
  await tar.pad(bytes.length);
}

/** Verified on the way, unless it was just now: what leaves the store is what its name says. */
async function writeBlob(tar: TarWriter, store: ContentStore, descriptor: Descriptor): Promise<void> {
  const { digest, size } = descriptor;
  if (!store.hasBlob(digest)) throw new KilnError('content/blob-missing', `the store does not have ${digest}`);
  await tar.header({ kind: 'file', path: blobPath(descriptor), size, ...attributes(0o444) });
  const fd = openSync(store.blobPath(digest), 'r');
  try {
    const isCopied = store.blobs.isVerified(digest)
      ? await tar.copyFile(fd, size)
      : await copyVerified(tar, fd, descriptor);
    if (!isCopied) {
      throw new KilnError('content/blob-corrupt', `the store is damaged: ${digest} is not what it was`, {
        hint: `remove ${store.blobPath(digest)}, and it will be made or fetched again`,
      });
    }
  } finally {
    closeSync(fd);
  }
  await tar.pad(size);
}

async function copyVerified(tar: TarWriter, fd: number, { digest, size }: Descriptor): Promise<boolean> {
  const hash = createHash(digestAlgorithm(digest));
  const isWhole = await tar.copyFile(fd, size, (chunk) => hash.update(chunk));
  return isWhole && hash.digest('hex') === digestHex(digest);
}
