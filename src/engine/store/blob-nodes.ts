import { statSync } from 'node:fs';
import { join } from 'node:path';
import { CacheRecords } from '../../cache/cache-records.ts';
import { holdingKey } from '../../content/holdings.ts';
import { parseDescriptor } from '../../spec/descriptor.ts';
import { familiar } from './familiar-names.ts';
import { readDocument } from './image-graph.ts';
import { storeLayers } from './store-layers.ts';
import type { StoreNode } from './store-record.ts';
import { namesIn, type Survey } from './survey.ts';
import type { TaggedImage } from './tagged-images.ts';

/** Something in `blobs/`. */
export interface BlobFile {
  readonly digest: string;
  readonly path: string;
  /** On the disk. */
  readonly size: number;
  readonly modified: number;
  /** Bytes in it. */
  readonly length: number;
}

/**
 * Blobs: those of one image with a name as that image, the others each for itself. What is in `blobs/` and is none is told by
 * `kiln store check`.
 */
export function blobNodes(survey: Survey): readonly StoreNode[] {
  const images = survey.tagged.list();
  const owners = new Map<string, TaggedImage[]>();
  for (const image of images)
    for (const digest of image.blobs) owners.set(digest, [...(owners.get(digest) ?? []), image]);
  const files = blobFiles(survey);
  const own = new Map<TaggedImage, BlobFile[]>(images.map((image) => [image, []]));
  const single: BlobFile[] = [];
  for (const file of files) {
    const [owner, ...others] = owners.get(file.digest) ?? [];
    (owner && others.length === 0 ? own.get(owner) : single)?.push(file);
  }
  const describe = blobDescriptions(survey);
  return [
    ...images.map((image) => imageNode(survey, image, own.get(image) ?? [])),
    ...single.map((file) => blobNode(survey, file, owners.get(file.digest), describe)),
  ];
}

/** Files in `blobs/` that are called like blobs. */
export function blobFiles({ store, usage }: Pick<Survey, 'store' | 'usage'>): readonly BlobFile[] {
  const root = join(store.root, 'blobs');
  return namesIn(root).flatMap((algorithm) =>
    namesIn(join(root, algorithm)).flatMap((hex) => {
      const digest = `${algorithm}:${hex}`;
      if (!isBlobName(algorithm, hex)) return [];
      const path = join(root, algorithm, hex);
      const stat = statSync(path, { throwIfNoEntry: false });
      return stat?.isFile() ? [{ digest, path, size: usage.own(path), modified: stat.mtimeMs, length: stat.size }] : [];
    }),
  );
}

/** Whether a file in `blobs/` is called as a blob is. */
export function isBlobName(algorithm: string, hex: string): boolean {
  return /^(?:sha256:[0-9a-f]{64}|sha384:[0-9a-f]{96}|sha512:[0-9a-f]{128})$/.test(`${algorithm}:${hex}`);
}

function imageNode({ held: inUse, holding }: Survey, image: TaggedImage, own: readonly BlobFile[]): StoreNode {
  const { target, names, updated } = image;
  const held = holding('blob', target.digest);
  return {
    ...{ id: target.digest, key: `image ${target.digest}`, type: 'image', description: familiar(names) },
    ...{ size: own.reduce((sum, { size }) => sum + size, 0) },
    ...{ created: held?.created ?? updated, lastUsed: held?.used ?? updated, parents: [], needs: [] },
    ...{ inUse: inUse.has(holdingKey('blob', target.digest)), shared: false, reclaimable: false, isHidden: false },
    place: { kind: 'fixed' },
  };
}

function blobNode(
  { held: inUse, holding }: Survey,
  { digest, path, size, modified, length }: BlobFile,
  owners: readonly TaggedImage[] | undefined,
  describe: (digest: string, length: number) => string,
): StoreNode {
  const held = holding('blob', digest);
  const lastUsed = held?.used ?? modified;
  const shared = owners !== undefined;
  const isHeld = inUse.has(holdingKey('blob', digest));
  return {
    ...{ id: digest, key: `blob ${digest}`, type: 'blob', size, lastUsed, shared },
    description: owners ? `part of ${familiar(owners.flatMap(({ names }) => names))}` : describe(digest, length),
    ...{ created: held?.created ?? modified, parents: [], needs: [], isHidden: false },
    ...{ inUse: isHeld, reclaimable: !shared && !isHeld },
    place: shared ? { kind: 'fixed' } : { kind: 'holding', holding: 'blob', name: digest, path },
  };
}

const longestLook = 1 << 16;

function blobDescriptions({ store }: Survey): (digest: string, length: number) => string {
  const names = new CacheRecords(store.database).names();
  const stepOf = new Map<string, string>();
  const fromImages = new Set<string>();
  for (const { chain, diffId, blob } of storeLayers(store.database)) {
    const name = names.get(chain);
    if (name !== undefined) stepOf.set(diffId, name);
    if (blob !== undefined) fromImages.add(store.database.json(blob, parseDescriptor).digest);
  }
  const layers = new Map(
    store.layers.all().map(({ diffId, digest, variant }) => [digest, { diffId, variant }] as const),
  );
  return (digest, length) => {
    const layer = layers.get(digest);
    const step = layer && stepOf.get(layer.diffId);
    if (layer) return `layer${step === undefined ? '' : ` of ${step}`} (${layer.variant})`;
    if (fromImages.has(digest)) return 'layer of an image';
    return length > longestLook ? 'blob' : documentKind(readDocument(store, digest) ?? '');
  };
}

function documentKind(text: string): string {
  if (!text.startsWith('{')) return 'blob';
  if (text.includes('"manifests"')) return 'index of an image';
  if (text.includes('"layers"') && text.includes('"schemaVersion"')) return 'manifest of an image';
  return text.includes('"rootfs"') ? 'configuration of an image' : 'blob';
}
