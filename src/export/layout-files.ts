import { nameAnnotations } from '../content/name-annotations.ts';
import { descriptorToJson } from '../spec/descriptor.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { digestAlgorithm, digestHex } from '../spec/digest.ts';
import { goJson } from '../spec/json.ts';
import { mediaTypes } from '../spec/media-type.ts';
import { familiarName, parseReference } from '../spec/reference.ts';
import type { WrittenImage } from './write-image.ts';

/** What an archive or a layout says of an image besides its parts. */
export interface LayoutNotes {
  /** In full, such as `docker.io/library/app:latest`. */
  readonly names: readonly string[];
  /** When it was made: RFC 3339. BuildKit states SOURCE_DATE_EPOCH, or else the current time. */
  readonly created?: string | undefined;
}

/** The file that says that a directory is a layout. */
export const layoutFile = '{"imageLayoutVersion":"1.0.0"}';

/** The descriptor of an image as it is exported, without a name. */
export function exportedDescriptor({ target }: WrittenImage, { created }: LayoutNotes): Descriptor {
  const { annotations = {} } = target;
  const dated = { ...(created !== undefined && { 'org.opencontainers.image.created': created }), ...annotations };
  return Object.keys(dated).length === 0 ? target : { ...target, annotations: dated };
}

/** One descriptor for each name; one without a name if there is none. */
export function namedDescriptors(image: WrittenImage, notes: LayoutNotes): readonly Descriptor[] {
  const descriptor = exportedDescriptor(image, notes);
  if (notes.names.length === 0) return [descriptor];
  return notes.names.map((name) => ({
    ...descriptor,
    annotations: { ...descriptor.annotations, ...nameAnnotations(name) },
  }));
}

/** The text of `index.json`. */
export function indexFile(manifests: readonly Descriptor[]): string {
  const list = manifests.map(descriptorToJson);
  return goJson({ schemaVersion: 2, mediaType: mediaTypes.oci.index, manifests: list });
}

/**
 * The text of the `manifest.json` of `docker save`.
 *
 * @see https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md#combined-image-json--filesystem-changeset-format
 */
export function dockerManifestFile({ images }: WrittenImage, { names }: LayoutNotes): string {
  const list = images.map(({ config, layers }) => ({
    Config: blobPath(config),
    RepoTags: names.length === 0 ? null : names.map(shortName),
    Layers: layers.map(blobPath),
  }));
  return goJson(list);
}

/** Path of a blob in a layout. */
export function blobPath({ digest }: Descriptor): string {
  return `blobs/${digestAlgorithm(digest)}/${digestHex(digest)}`;
}

/** Every blob of an image, each once, sorted by path. */
export function imageBlobs({ target, images }: WrittenImage): readonly Descriptor[] {
  const parts = images.flatMap(({ manifest, config, layers }) => [manifest, config, ...layers]);
  const byPath = new Map([target, ...parts].map((descriptor) => [blobPath(descriptor), descriptor]));
  return [...byPath].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, descriptor]) => descriptor);
}

/** As Docker shows names: `app:latest`. */
function shortName(name: string): string {
  const reference = parseReference(name);
  const { tag, digest } = reference;
  return familiarName(reference) + (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`);
}
