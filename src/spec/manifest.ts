import { descriptorToJson, parseDescriptor, sortedAnnotations } from './descriptor.ts';
import type { Annotations, Descriptor } from './descriptor.ts';
import { goJson, optionalArray, optionalString, parseJsonObject, stringRecord } from './json.ts';
import { isIndexType, isManifestType } from './media-type.ts';
import { ValueError } from './value-error.ts';

/**
 * The parts of one image, of OCI or of Docker's schema 2.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md
 */
export interface ImageManifest {
  readonly kind: 'manifest';
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly config: Descriptor;
  /** Bottom first. */
  readonly layers: readonly Descriptor[];
  readonly subject?: Descriptor;
  readonly annotations?: Annotations;
}

/**
 * A list of manifests, usually one for each platform: an OCI index or a Docker manifest list.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md
 */
export interface ImageIndex {
  readonly kind: 'index';
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
  readonly annotations?: Annotations;
}

/** Reads a manifest or an index. `mediaType` is what refers to it says, for a text that says nothing. Throws a `ValueError`. */
export function parseManifest(text: string, mediaType = ''): ImageManifest | ImageIndex {
  const json = parseJsonObject(text);
  if (json.schemaVersion !== 2) throw new ValueError('not a manifest of schema version 2');
  const stated = optionalString(json.mediaType, 'mediaType') ?? '';
  const type = stated === '' ? mediaType : stated;
  const isIndex = json.manifests !== undefined;
  // The same bytes must not be an index for one reader and a manifest for another.
  if (isIndex && (json.config !== undefined || json.layers !== undefined)) {
    throw new ValueError('neither a manifest nor an index: it has manifests and layers');
  }
  if (isIndex ? isManifestType(type) : isIndexType(type)) throw new ValueError(`not what its media type ${type} says`);
  const annotations = stringRecord(json.annotations, 'annotations');
  if (isIndex) {
    const manifests = optionalArray(json.manifests, 'manifests').map(parseDescriptor);
    return { kind: 'index', mediaType: type, manifests, ...(annotations && { annotations }) };
  }
  const artifactType = optionalString(json.artifactType, 'artifactType');
  return {
    kind: 'manifest',
    mediaType: type,
    config: parseDescriptor(json.config),
    layers: optionalArray(json.layers, 'layers').map(parseDescriptor),
    ...(artifactType !== undefined && { artifactType }),
    ...(json.subject !== undefined && json.subject !== null && { subject: parseDescriptor(json.subject) }),
    ...(annotations && { annotations }),
  };
}

/** The text of a manifest or an index, indented as BuildKit does it. */
export function formatManifest(manifest: ImageManifest | ImageIndex): string {
  return goJson(manifestToJson(manifest), 2);
}

/** The JSON of a manifest or an index, members in the order in which Go writes them. */
export function manifestToJson(manifest: ImageManifest | ImageIndex): object {
  const { mediaType, annotations } = manifest;
  const notes =
    annotations && Object.keys(annotations).length > 0 ? { annotations: sortedAnnotations(annotations) } : undefined;
  if (manifest.kind === 'index') {
    return { schemaVersion: 2, mediaType, manifests: manifest.manifests.map(descriptorToJson), ...notes };
  }
  const { artifactType, config, layers, subject } = manifest;
  return {
    schemaVersion: 2,
    mediaType,
    ...(artifactType !== undefined && { artifactType }),
    config: descriptorToJson(config),
    layers: layers.map(descriptorToJson),
    ...(subject && { subject: descriptorToJson(subject) }),
    ...notes,
  };
}
