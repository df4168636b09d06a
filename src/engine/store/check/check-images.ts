import { statSync } from 'node:fs';
import type { ContentStore } from '../../../content/store.ts';
import type { Descriptor } from '../../../spec/descriptor.ts';
import { familiar } from '../familiar-names.ts';
import type { ImagePart } from '../image-graph.ts';
import { TaggedImages, type TaggedImage } from '../tagged-images.ts';
import type { Damage } from './finding.ts';

/**
 * Whether images with names have all their parts.
 *
 * @param corrupt digests of blobs that are not what they should be
 */
export function checkImages(
  store: ContentStore,
  corrupt: ReadonlySet<string>,
): { readonly damages: readonly Damage[]; readonly count: number } {
  const images = new TaggedImages(store).list();
  return { damages: images.flatMap((image) => checkImage(store, image, corrupt) ?? []), count: images.length };
}

function checkImage(store: ContentStore, image: TaggedImage, corrupt: ReadonlySet<string>): Damage | undefined {
  const bad = image.parts.filter((part) => badBlobs(store, part, corrupt).length > 0);
  const missing = [...image.broken, ...bad.flatMap((part) => badBlobs(store, part, corrupt))];
  if (missing.length === 0 && image.parts.length > 0) return undefined;
  const what =
    missing.length === 0 ? 'there is no image in it' : `missing or damaged: ${[...new Set(missing)].join(', ')}`;
  const isWhole = image.parts.length > bad.length && !image.broken.includes(image.target.digest);
  return {
    ...{ kind: 'image-incomplete', subject: familiar(image.names), message: what },
    repair: () => (isWhole ? dropParts(store, bad) : untag(store, image)),
  };
}

function badBlobs(store: ContentStore, { blobs }: ImagePart, corrupt: ReadonlySet<string>): readonly string[] {
  return blobs.filter((blob) => corrupt.has(blob.digest) || !isWholeFile(store, blob)).map(({ digest }) => digest);
}

function isWholeFile(store: ContentStore, { digest, size }: Descriptor): boolean {
  return statSync(store.blobs.path(digest), { throwIfNoEntry: false })?.size === size;
}

/** An image for several platforms may have some of them only. */
function dropParts(store: ContentStore, parts: readonly ImagePart[]): string {
  for (const { manifest } of parts) store.blobs.remove(manifest.digest);
  return 'the platforms that are not whole were removed';
}

function untag(store: ContentStore, { names, target }: TaggedImage): string {
  for (const name of names) if (store.images.get(name)?.target.digest === target.digest) store.images.delete(name);
  return 'its names were removed; build, load or pull it again';
}
