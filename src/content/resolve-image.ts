import { isKilnError, KilnError } from '../diagnostic/kiln-error.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { parseDiffId } from '../spec/digest.ts';
import type { DiffId } from '../spec/digest.ts';
import { isObject, optionalArray, parseJsonObject } from '../spec/json.ts';
import { parseManifest } from '../spec/manifest.ts';
import type { ImageManifest } from '../spec/manifest.ts';
import type { Platform } from '../spec/platform.ts';
import { choosePlatform } from '../spec/platform-choice.ts';
import { platformFromJson } from '../spec/platform-json.ts';
import type { Reference } from '../spec/reference.ts';
import { ValueError } from '../spec/value-error.ts';
import type { ContentStore } from './store.ts';

/** A layer of an image. */
export interface ImageLayer {
  /** The blob, compressed or not. */
  readonly descriptor: Descriptor;
  /** Digest of the blob without compression. Not verified before it is unpacked. */
  readonly diffId: DiffId;
}

/** What an image is for one platform. The same shape as `registry/` gives. */
export interface ResolvedImage {
  /** What the name stands for: the index, if it is one. */
  readonly target: Descriptor;
  /** Of the platform. */
  readonly manifest: Descriptor;
  /** What the image says that it is for. */
  readonly platform: Platform;
  /** The image configuration, JSON, as it is. */
  readonly config: Buffer;
  /** Bottom first. */
  readonly layers: readonly ImageLayer[];
}

/**
 * What a name, or a digest, stands for in the store. Undefined if the store does not have it, or not all of it for this
 * platform. An image that is not part of an index is taken whatever it is for, as BuildKit does.
 *
 * Throws KilnError `content/blob-corrupt`, `content/invalid-image`.
 */
export function resolveLocalImage(
  store: ContentStore,
  reference: Reference,
  platform: Platform,
): ResolvedImage | undefined {
  const target =
    reference.digest === undefined ? store.images.get(reference)?.target : byDigest(store, reference.digest);
  return target && resolveTarget(store, target, platform);
}

/** {@link resolveLocalImage} for a manifest or an index. */
export function resolveTarget(store: ContentStore, target: Descriptor, platform: Platform): ResolvedImage | undefined {
  const found = findManifest(store, target, platform, 0);
  if (!found) return undefined;
  const { descriptor, manifest } = found;
  const blobs = [manifest.config, ...manifest.layers];
  store.blobs.hold(blobs.map(({ digest }) => digest));
  if (!blobs.every(({ digest }) => store.blobs.has(digest))) return undefined;
  const config = store.blobs.read(manifest.config.digest);
  return parsed(descriptor, () => {
    const json = parseJsonObject(new TextDecoder().decode(config));
    const diffIds = optionalArray(isObject(json.rootfs) ? json.rootfs.diff_ids : undefined, 'diff_ids');
    if (diffIds.length !== manifest.layers.length) {
      throw new ValueError(`it has ${manifest.layers.length} layers, its configuration ${diffIds.length}`);
    }
    const layers = manifest.layers.map((layer, index) => ({
      descriptor: layer,
      diffId: parseDiffId(String(diffIds[index])),
    }));
    return { target, manifest: descriptor, platform: platformFromJson(json), config, layers };
  });
}

interface FoundManifest {
  readonly descriptor: Descriptor;
  readonly manifest: ImageManifest;
}

const deepest = 4;

function findManifest(
  store: ContentStore,
  descriptor: Descriptor,
  platform: Platform,
  depth: number,
  /** What need not be looked at again: lists of lists could name each other without end. */
  seen = new Set<string>(),
): FoundManifest | undefined {
  if (depth > deepest || seen.has(descriptor.digest) || !store.blobs.has(descriptor.digest)) return undefined;
  seen.add(descriptor.digest);
  const bytes = store.blobs.read(descriptor.digest);
  const manifest = parsed(descriptor, () => parseManifest(new TextDecoder().decode(bytes), descriptor.mediaType));
  if (manifest.kind === 'manifest') return { descriptor, manifest };
  const here = manifest.manifests.filter(({ digest }) => store.blobs.has(digest));
  const best = choosePlatform(here, platform);
  const candidates = best ? [best] : here.filter((candidate) => !candidate.platform);
  for (const candidate of candidates) {
    const found = findManifest(store, candidate, platform, depth + 1, seen);
    if (found && (best ?? fits(store, found.manifest, platform))) return found;
  }
  return undefined;
}

/** Whether an image that an index says no platform of says itself that it is right. */
function fits(store: ContentStore, { config }: ImageManifest, platform: Platform): boolean {
  if (!store.blobs.has(config.digest)) return false;
  try {
    const json = parseJsonObject(new TextDecoder().decode(store.blobs.read(config.digest)));
    return choosePlatform([{ platform: platformFromJson(json) }], platform) !== undefined;
  } catch (error) {
    if (error instanceof ValueError) return false;
    throw error;
  }
}

/** A layer has a digest, too, but is no image. */
function byDigest(store: ContentStore, digest: string): Descriptor | undefined {
  const size = store.blobs.size(digest);
  if (size === undefined || size > 8 << 20) return undefined;
  const bytes = store.blobs.read(digest);
  try {
    const { mediaType } = parseManifest(new TextDecoder().decode(bytes));
    return { mediaType, digest: digest as Descriptor['digest'], size };
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}

function parsed<Result>({ digest }: Descriptor, parse: () => Result): Result {
  try {
    return parse();
  } catch (cause) {
    if (isKilnError(cause) || !(cause instanceof ValueError)) throw cause;
    throw new KilnError('content/invalid-image', `the image ${digest} is invalid: ${cause.message}`, { cause });
  }
}
