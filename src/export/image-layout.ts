import { mkdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import { lockPath } from '../content/key-locks.ts';
import { imageNameAnnotation, refNameAnnotation } from '../content/name-annotations.ts';
import type { ContentStore } from '../content/store.ts';
import { writeFileAside } from '../content/write-aside.ts';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { parseDescriptor } from '../spec/descriptor.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { optionalArray, parseJsonObject } from '../spec/json.ts';
import { ValueError } from '../spec/value-error.ts';
import { makeDirectories } from '../system/make-directories.ts';
import { copyFile } from './copy-file.ts';
import { blobPath, imageBlobs, indexFile, layoutFile, namedDescriptors } from './layout-files.ts';
import type { LayoutNotes } from './layout-files.ts';
import { explained } from './output-file.ts';
import type { WrittenImage } from './write-image.ts';

export interface LayoutRequest extends LayoutNotes {
  readonly image: WrittenImage;
  /** Made if it is not there. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Adds an image to an OCI layout in a directory. Images that are there already stay, except those that have a name of this one.
 *
 * Throws KilnError `export/write-failed`, `export/not-a-layout`.
 */
export async function writeImageLayout(store: ContentStore, request: LayoutRequest): Promise<void> {
  const { directory, image, signal } = request;
  try {
    makeDirectories(resolve(directory));
    for (const blob of imageBlobs(image)) {
      await copyBlob(store.blobPath(blob.digest), join(directory, blobPath(blob)), signal);
    }
    const indexPath = join(directory, 'index.json');
    const unlock = await lockPath(`${indexPath}.lock`);
    try {
      const added = namedDescriptors(image, request);
      const kept = readIndex(indexPath).filter((old) => !added.some((descriptor) => isReplaced(old, descriptor)));
      writeFileAside(join(directory, 'oci-layout'), layoutFile, { mode: 0o644 });
      writeFileAside(indexPath, indexFile([...kept, ...added]), { mode: 0o644 });
    } finally {
      unlock();
    }
  } catch (cause) {
    throw explained(directory, cause);
  }
}

async function copyBlob(from: string, to: string, signal: AbortSignal | undefined): Promise<void> {
  if (statSync(to, { throwIfNoEntry: false })) return;
  mkdirSync(dirname(to), { recursive: true });
  const aside = `${to}.${randomBytes(6).toString('hex')}`;
  try {
    await copyFile(from, aside, signal);
    renameSync(aside, to);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}

function readIndex(path: string): readonly Descriptor[] {
  if (!statSync(path, { throwIfNoEntry: false })) return [];
  try {
    return optionalArray(parseJsonObject(readFileSync(path, 'utf8')).manifests, 'manifests').map(parseDescriptor);
  } catch (cause) {
    if (!(cause instanceof ValueError)) throw cause;
    throw new KilnError('export/not-a-layout', `${path} is not the index of an OCI layout: ${cause.message}`, {
      cause,
    });
  }
}

function isReplaced(old: Descriptor, added: Descriptor): boolean {
  const nameOf = ({ annotations = {} }: Descriptor) => [
    annotations[imageNameAnnotation],
    annotations[refNameAnnotation],
  ];
  const [name, tag] = nameOf(added);
  if (name === undefined) return old.digest === added.digest && nameOf(old)[0] === undefined;
  return nameOf(old)[0] === name && nameOf(old)[1] === tag;
}
