import type { Descriptor } from '../spec/descriptor.ts';
import type { Digest } from '../spec/digest.ts';
import { formatManifest } from '../spec/manifest.ts';
import { mediaTypes } from '../spec/media-type.ts';
import type { Platform } from '../spec/platform.ts';
import { ValueError } from '../spec/value-error.ts';
import { readDockerImages, writeDockerManifest } from './docker-archive.ts';
import type { DockerImage } from './docker-archive.ts';
import { brokenImage } from './broken-image.ts';
import { collectParts, layoutManifests } from './image-parts.ts';
import type { ImageParts } from './image-parts.ts';
import { fullName } from './image-names.ts';
import type { ImageSource } from './image-source.ts';
import { imageNameAnnotation, refNameAnnotation } from './name-annotations.ts';
import type { ContentStore } from './store.ts';

/** An image that was brought into the store. */
export interface LoadedImage {
  /** In full; undefined if the source did not name it. */
  readonly name: string | undefined;
  /** Of the manifest, or of the index if there is one. */
  readonly digest: Digest;
  readonly platforms: readonly Platform[];
}

/** Loads every image of a source, or none. Throws KilnError `content/broken-image`. */
export async function loadImages(store: ContentStore, source: ImageSource): Promise<readonly LoadedImage[]> {
  const images = findImages(store, source);
  for (const { parts } of images) for (const blob of parts.blobs) await source.keep(blob);
  return groupByName(images).map(({ name, members }) => {
    const [first] = members;
    const target = members.length === 1 && first ? first.target : indexOf(store, members);
    if (name !== undefined) store.images.set(name, target);
    return { name, digest: target.digest, platforms: members.flatMap(({ parts }) => parts.platforms) };
  });
}

interface FoundImage {
  readonly name: string | undefined;
  readonly target: Descriptor;
  readonly parts: ImageParts;
}

/** One for each name of each image. */
function findImages(store: ContentStore, source: ImageSource): readonly FoundImage[] {
  const index = source.file('index.json');
  const docker = readDockerImages(source);
  const withParts = (target: Descriptor) => ({ target, parts: collectParts(source, target) });
  if (index) {
    return layoutManifests(source, index).flatMap((descriptor) => {
      const image = withParts(withoutNames(descriptor));
      return named(layoutNames(descriptor, image.parts, docker), image);
    });
  }
  if (docker.length === 0) throw brokenImage(source.name, 'neither an OCI layout nor an archive of docker save');
  return docker.flatMap((image) => named(validNames(image.tags), withParts(writeDockerManifest(store, source, image))));
}

function named(names: readonly string[], image: Omit<FoundImage, 'name'>): readonly FoundImage[] {
  return names.length === 0 ? [{ name: undefined, ...image }] : names.map((name) => ({ name, ...image }));
}

/** Docker writes both formats, and some of its versions name images only in its own. */
function layoutNames(
  { annotations = {} }: Descriptor,
  { blobs }: ImageParts,
  docker: readonly DockerImage[],
): readonly string[] {
  const stated = annotations[imageNameAnnotation] ?? annotations[refNameAnnotation];
  // A tag alone names nothing.
  if (stated !== undefined && /[/:]/.test(stated)) return validNames([stated]);
  const paths = new Set(blobs.map(({ digest }) => `blobs/${digest.replace(':', '/')}`));
  return validNames(docker.filter(({ config }) => paths.has(config)).flatMap(({ tags }) => tags));
}

function validNames(names: readonly string[]): readonly string[] {
  return names.flatMap((name) => {
    try {
      return [fullName(name)];
    } catch (error) {
      if (error instanceof ValueError) return [];
      throw error;
    }
  });
}

/** The descriptor without what an index of a layout says about its name. */
export function withoutNames({ annotations = {}, ...rest }: Descriptor): Descriptor {
  const others = Object.entries(annotations).filter(
    ([key]) => key !== imageNameAnnotation && key !== refNameAnnotation,
  );
  return { ...rest, ...(others.length > 0 && { annotations: Object.fromEntries(others) }) };
}

/** Some tools list one name several times, once for each platform. */
function groupByName(
  images: readonly FoundImage[],
): readonly { readonly name: string | undefined; readonly members: readonly FoundImage[] }[] {
  const groups = new Map<string, FoundImage[]>();
  for (const image of images) {
    const key = image.name ?? `@${image.target.digest}`;
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    if (!group.some(({ target }) => target.digest === image.target.digest)) group.push(image);
  }
  return [...groups.values()].map((members) => ({ name: members[0]?.name, members }));
}

function indexOf(store: ContentStore, members: readonly FoundImage[]): Descriptor {
  const manifests = members.map(({ target, parts }) => {
    const [platform] = parts.platforms;
    return { ...target, ...(platform && { platform }) };
  });
  const text = formatManifest({ kind: 'index', mediaType: mediaTypes.oci.index, manifests });
  return { mediaType: mediaTypes.oci.index, ...store.writeBlob(text) };
}
