import { statSync } from 'node:fs';
import { fullName } from '../../content/image-names.ts';
import { openStoreAsItIs, type ContentStore } from '../../content/store.ts';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { formatPlatform } from '../../spec/platform.ts';
import { parseReference } from '../../spec/reference.ts';
import { ValueError } from '../../spec/value-error.ts';
import { withDiskFailures } from './disk-failure.ts';
import { familiarText } from './familiar-names.ts';
import { TaggedImages, type TaggedImage } from './tagged-images.ts';

/** A name in the store, and what it stands for. */
export interface ImageInfo {
  /** As people write it: `busybox:latest`. */
  readonly name: string;
  readonly repository: string;
  /** Empty if the name has a digest only. */
  readonly tag: string;
  /** Of the manifest, or of the index. */
  readonly digest: string;
  /** Digest of the configuration of its first platform; absent if there is none. */
  readonly id: string | undefined;
  readonly platforms: readonly string[];
  /** When it was made, as it says: RFC 3339. */
  readonly created: string | undefined;
  /** When the name was given. ms since 1970. */
  readonly updated: number;
  /** Bytes of all its blobs, shared with others or not. */
  readonly size: number;
  /** Something of it is missing. */
  readonly isBroken: boolean;
}

/** The images of a store that have names, by name. Throws KilnError `content/...`. */
export function listImages(root: string): Promise<readonly ImageInfo[]> {
  return withDiskFailures(async () => {
    await using store = openStoreAsItIs(root);
    const images = new TaggedImages(store).list();
    return images
      .flatMap((image) => image.names.map((name) => imageInfo(store, image, name)))
      .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  });
}

/** What {@link removeNames} did. */
export interface Untagged {
  readonly name: string;
  readonly digest: string;
  /** It has no other name: `kiln prune` may remove it. */
  readonly isLast: boolean;
}

/**
 * Takes names away from images; those that are digests, all names of that image. Nothing is removed if one of them is not there.
 *
 * Throws KilnError `engine/no-such-image`, `engine/invalid-reference`, `content/...`.
 */
export function removeNames(root: string, references: readonly string[]): Promise<readonly Untagged[]> {
  return withDiskFailures(async () => {
    await using store = openStoreAsItIs(root);
    const images = store.images.list();
    const names = new Set(references.flatMap((reference) => namesOf(reference, images)));
    const removed: Untagged[] = [];
    for (const name of names) {
      const digest = images.find((image) => image.name === name)?.target.digest ?? '';
      if (!store.images.delete(name)) continue;
      const isLast = !store.images.list().some(({ target }) => target.digest === digest);
      removed.push({ name: familiarText(name), digest, isLast });
    }
    return removed;
  });
}

type Named = ReturnType<ContentStore['images']['list']>;

function namesOf(reference: string, images: Named): readonly string[] {
  const byDigest = images.filter(({ target: { digest } }) => isDigestOf(reference, digest)).map(({ name }) => name);
  if (byDigest.length > 0) return byDigest;
  const name = full(reference);
  if (!images.some((image) => image.name === name)) {
    throw new KilnError('engine/no-such-image', `no such image: ${reference}`, { hint: 'kiln images lists them' });
  }
  return [name];
}

/** A digest may be cut off, as `docker rmi` takes it. */
function isDigestOf(text: string, digest: string): boolean {
  return (
    /^(?:sha256:)?[0-9a-f]{8,64}$/.test(text) && digest.startsWith(text.startsWith('sha256:') ? text : `sha256:${text}`)
  );
}

function full(reference: string): string {
  try {
    return fullName(reference);
  } catch (cause) {
    if (!(cause instanceof ValueError)) throw cause;
    throw new KilnError('engine/invalid-reference', `${reference}: ${cause.message}`, { cause });
  }
}

function imageInfo(store: ContentStore, image: TaggedImage, name: string): ImageInfo {
  const { target, parts, blobs, updated, broken } = image;
  const shown = familiarText(name);
  const { tag = '' } = parseReference(name);
  const here = parts.filter(({ missing }) => missing.length === 0);
  return {
    ...{ name: shown, tag, digest: target.digest, updated },
    repository: tag === '' ? (shown.split('@', 1)[0] ?? '') : shown.slice(0, -tag.length - 1),
    id: here[0]?.blobs[1]?.digest,
    platforms: here.flatMap(({ platform }) => (platform ? [formatPlatform(platform)] : [])),
    created: here.find((part) => part.created !== undefined)?.created,
    size: [...blobs].reduce(
      (sum, digest) => sum + (statSync(store.blobs.path(digest), { throwIfNoEntry: false })?.size ?? 0),
      0,
    ),
    isBroken: broken.length > 0 || here.length === 0 || here.length < parts.length,
  };
}
