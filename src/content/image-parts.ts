import type { Descriptor } from '../spec/descriptor.ts';
import { parseDescriptor } from '../spec/descriptor.ts';
import { isObject, optionalArray, parseJsonObject } from '../spec/json.ts';
import { parseManifest } from '../spec/manifest.ts';
import type { ImageManifest } from '../spec/manifest.ts';
import type { Platform } from '../spec/platform.ts';
import { platformFromJson } from '../spec/platform-json.ts';
import { ValueError } from '../spec/value-error.ts';
import { brokenImage, parseDocument } from './broken-image.ts';
import { largestDocument } from './image-source.ts';
import type { ImageSource } from './image-source.ts';

/** Deepest nesting of indexes. */
const deepest = 8;

/** What has to be kept for an image to be whole: what is referred to before what refers to it. */
export interface ImageParts {
  readonly blobs: readonly Descriptor[];
  /** Of the images in it that are whole; attestations are none. */
  readonly platforms: readonly Platform[];
}

/**
 * Finds all parts of an image. In an index, images may be missing, as long as one is there: archives often hold one platform
 * of many.
 *
 * Throws KilnError `content/broken-image`.
 */
export function collectParts(source: ImageSource, target: Descriptor): ImageParts {
  const found = collect(source, target, 0, new Map());
  if ('missing' in found) throw brokenImage(source.name, `${found.missing} is missing`);
  return found;
}

const nothingNew: ImageParts = { blobs: [], platforms: [] };

type Found = ImageParts | { readonly missing: string };

/** @param known what was found before, which is not told again: lists of lists of lists may name one image without end */
function collect(source: ImageSource, target: Descriptor, depth: number, known: Map<string, Found>): Found {
  const key = JSON.stringify([target.digest, target.size, target.mediaType, target.platform]);
  const before = known.get(key);
  if (before) return 'missing' in before ? before : nothingNew;
  const found = collectNew(source, target, depth, known);
  known.set(key, found);
  return found;
}

function collectNew(source: ImageSource, target: Descriptor, depth: number, known: Map<string, Found>): Found {
  if (!source.has(target.digest)) return { missing: target.digest };
  if (depth > deepest) throw brokenImage(source.name, 'indexes are nested too deeply');
  const document = parseDocument(source.name, `manifest ${target.digest}`, () =>
    parseManifest(readDocument(source, target), target.mediaType),
  );
  if (document.kind === 'manifest') return collectManifest(source, target, document);
  const parts = document.manifests.map((child) => collect(source, child, depth + 1, known));
  const whole = parts.filter((part): part is ImageParts => !('missing' in part));
  const [first] = parts;
  if (whole.length === 0 && first && 'missing' in first) return first;
  return {
    blobs: [...whole.flatMap(({ blobs }) => blobs), target],
    platforms: whole.flatMap((part) => part.platforms),
  };
}

function collectManifest(source: ImageSource, target: Descriptor, { config, layers }: ImageManifest): Found {
  const blobs = [...layers, config];
  const missing = blobs.find(({ digest }) => !source.has(digest));
  if (missing) return { missing: missing.digest };
  const platform = target.platform ?? configPlatform(source, config);
  const isImage = platform !== undefined && platform.os !== 'unknown' && platform.os !== '';
  return { blobs: [...blobs, target], platforms: isImage ? [platform] : [] };
}

/** What an image configuration says, if it is one. */
function configPlatform(source: ImageSource, config: Descriptor): Platform | undefined {
  if (!/config|container\.image/.test(config.mediaType)) return undefined;
  return parseDocument(source.name, `configuration ${config.digest}`, () =>
    platformFromJson(parseJsonObject(readDocument(source, config))),
  );
}

function readDocument(source: ImageSource, { digest, size }: Descriptor): string {
  if (size > largestDocument) throw new ValueError(`${digest} is longer than ${largestDocument} bytes`);
  const bytes = source.read(digest);
  if (bytes.length !== size) throw new ValueError(`${digest} has ${bytes.length} bytes, not ${size}`);
  return new TextDecoder().decode(bytes);
}

/** The descriptors in the `index.json` of a layout. Throws KilnError `content/broken-image`. */
export function layoutManifests(source: ImageSource, indexJson: Uint8Array): readonly Descriptor[] {
  return parseDocument(source.name, 'index.json', () => {
    const index = parseJsonObject(new TextDecoder().decode(indexJson));
    return optionalArray(index.manifests, 'manifests').filter(isObject).map(parseDescriptor);
  });
}
