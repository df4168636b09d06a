import { readFileSync, statSync } from 'node:fs';
import { sha256Hex } from '../../content/hash.ts';
import { largestDocument } from '../../content/image-source.ts';
import type { ContentStore } from '../../content/store.ts';
import { storeFailure } from '../../content/store-failure.ts';
import type { Descriptor } from '../../spec/descriptor.ts';
import { chainId, parseDiffId, type ChainId, type Digest } from '../../spec/digest.ts';
import { isObject, optionalArray, parseJsonObject } from '../../spec/json.ts';
import { parseManifest, type ImageManifest } from '../../spec/manifest.ts';
import type { Platform } from '../../spec/platform.ts';
import { platformFromJson } from '../../spec/platform-json.ts';
import { ValueError } from '../../spec/value-error.ts';
import { isSystemError } from '../../system/system-error.ts';

/** One of the images that a name stands for: one for each platform. */
export interface ImagePart {
  readonly manifest: Descriptor;
  /** Everything that the manifest refers to, and itself. */
  readonly blobs: readonly Descriptor[];
  /** Those of them that the store does not have, or that are not what they should be. */
  readonly missing: readonly Digest[];
  /** Chains of its layers, bottom first; empty if its configuration says nothing of them. */
  readonly chains: readonly string[];
  readonly platform: Platform | undefined;
  /** When it was made, as the configuration says. */
  readonly created: string | undefined;
}

/** What a name stands for, as far as the store has it. */
export interface ImageGraph {
  readonly target: Descriptor;
  /** Of an index, those that the store has; an archive often holds one platform of many. */
  readonly parts: readonly ImagePart[];
  /** Every blob of it that is there. */
  readonly blobs: ReadonlySet<string>;
  /** Parts of the tree that cannot be read: missing, or not what they should be. */
  readonly broken: readonly Digest[];
}

const deepest = 8;

/** Finds what belongs to an image, without holding it. Never throws for what is in it. */
export function imageGraph(store: ContentStore, target: Descriptor): ImageGraph {
  const parts: ImagePart[] = [];
  const blobs = new Set<string>();
  const broken: Digest[] = [];
  const visit = (descriptor: Descriptor, depth: number): void => {
    const document = depth > deepest ? undefined : readManifest(store, descriptor);
    if (document === undefined) {
      if (depth === 0 || isThere(store, descriptor.digest)) broken.push(descriptor.digest);
      return;
    }
    blobs.add(descriptor.digest);
    if (document.kind === 'index') {
      for (const child of document.manifests) visit(child, depth + 1);
      return;
    }
    const part = imagePart(store, descriptor, document);
    parts.push(part);
    for (const { digest } of part.blobs) if (isThere(store, digest)) blobs.add(digest);
  };
  visit(target, 0);
  return { target, parts, blobs, broken };
}

function imagePart(store: ContentStore, manifest: Descriptor, { config, layers }: ImageManifest): ImagePart {
  const blobs = [manifest, config, ...layers];
  const missing = blobs.filter(({ digest }) => !isThere(store, digest)).map(({ digest }) => digest);
  const json = parsed(() => parseJsonObject(readDocument(store, config.digest) ?? ''));
  const created = json?.created;
  return {
    ...{ manifest, blobs, missing, chains: json ? chainsOf(json) : [] },
    platform: manifest.platform ?? (json && parsed(() => platformFromJson(json))),
    created: typeof created === 'string' ? created : undefined,
  };
}

function chainsOf(config: Readonly<Record<string, unknown>>): readonly string[] {
  const chains: ChainId[] = [];
  return (
    parsed(() => {
      const diffIds = optionalArray(isObject(config.rootfs) ? config.rootfs.diff_ids : undefined, 'diff_ids');
      for (const diffId of diffIds) chains.push(chainId(chains.at(-1), parseDiffId(String(diffId)), sha256Hex));
      return chains;
    }) ?? []
  );
}

function readManifest(store: ContentStore, { digest, mediaType }: Descriptor) {
  const text = readDocument(store, digest);
  return text === undefined ? undefined : parsed(() => parseManifest(text, mediaType));
}

/** A small blob as text; undefined if it is not there, or not small. */
export function readDocument(store: ContentStore, digest: string): string | undefined {
  const path = store.blobs.path(digest);
  try {
    return statSync(path).size > largestDocument ? undefined : readFileSync(path, 'utf8');
  } catch (error) {
    if (isSystemError(error, 'ENOENT')) return undefined;
    throw storeFailure(error, path);
  }
}

function isThere(store: ContentStore, digest: string): boolean {
  return statSync(store.blobs.path(digest), { throwIfNoEntry: false }) !== undefined;
}

function parsed<Value>(parse: () => Value): Value | undefined {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}
