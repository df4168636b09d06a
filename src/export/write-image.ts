import type { ContentStore } from '../content/store.ts';
import type { Annotations, Descriptor } from '../spec/descriptor.ts';
import type { DiffId } from '../spec/digest.ts';
import { formatManifest } from '../spec/manifest.ts';
import { layerCompression, mediaTypes } from '../spec/media-type.ts';
import type { MediaTypeFamily } from '../spec/media-type.ts';
import type { Platform } from '../spec/platform.ts';

/** What a build made for one platform. */
export interface BuiltImage {
  /** The image configuration: JSON, which becomes a blob as it is. */
  readonly config: Uint8Array;
  /** Bottom first; their blobs are in the store. */
  readonly layers: readonly { readonly diffId: DiffId; readonly descriptor: Descriptor }[];
  readonly platform: Platform;
  /** Of the manifest. */
  readonly annotations?: Annotations;
  /** Of what refers to the manifest. */
  readonly descriptorAnnotations?: Annotations;
}

export interface ImageOptions {
  /** Whose names the parts carry. Without `oci`, there are no annotations. */
  readonly family: MediaTypeFamily;
  /** Whether there is to be an index though there is one image. */
  readonly isIndex?: boolean;
  /** Of the index. */
  readonly indexAnnotations?: Annotations;
  /** Of what refers to the index. */
  readonly indexDescriptorAnnotations?: Annotations;
}

/** An image whose parts are all in the store. */
export interface WrittenImage {
  /** The index, or the manifest if there is none. */
  readonly target: Descriptor;
  /** One for each image, in the order they came. */
  readonly images: readonly {
    readonly platform: Platform;
    readonly manifest: Descriptor;
    readonly config: Descriptor;
    readonly layers: readonly Descriptor[];
  }[];
}

/** Writes configurations and manifests of images, and the index if there are several, into the store. They have no names then. */
export function writeImage(store: ContentStore, images: readonly BuiltImage[], options: ImageOptions): WrittenImage {
  const { family } = options;
  const written = images.map((image) => writeManifest(store, image, family));
  const [only] = written;
  if (only && images.length === 1 && options.isIndex !== true) return { target: only.manifest, images: written };
  const mediaType = mediaTypes[family].index;
  const annotations = family === 'oci' ? options.indexAnnotations : undefined;
  const manifests = written.map(({ manifest }) => manifest);
  const text = formatManifest({ kind: 'index', mediaType, manifests, ...(annotations && { annotations }) });
  const notes = options.indexDescriptorAnnotations;
  return { target: { mediaType, ...store.writeBlob(text), ...(notes && { annotations: notes }) }, images: written };
}

function writeManifest(
  store: ContentStore,
  image: BuiltImage,
  family: MediaTypeFamily,
): WrittenImage['images'][number] {
  const { platform, descriptorAnnotations } = image;
  const config = { mediaType: mediaTypes[family].config, ...store.writeBlob(image.config) };
  const layers = image.layers.map(({ descriptor }) => layerDescriptor(descriptor, family));
  const mediaType = mediaTypes[family].manifest;
  const annotations = family === 'oci' ? image.annotations : undefined;
  const text = formatManifest({ kind: 'manifest', mediaType, config, layers, ...(annotations && { annotations }) });
  const notes = descriptorAnnotations && { annotations: descriptorAnnotations };
  return { platform, manifest: { mediaType, ...store.writeBlob(text), ...notes, platform }, config, layers };
}

/** A layer of a base image may have the names of the other family. */
function layerDescriptor(
  { mediaType, digest, size, annotations = {} }: Descriptor,
  family: MediaTypeFamily,
): Descriptor {
  const compression = layerCompression(mediaType);
  const kept = Object.entries(annotations).filter(([name]) => family === 'oci' && !isInternal(name));
  return {
    mediaType: compression === undefined ? mediaType : mediaTypes[family].layer[compression],
    digest,
    size,
    ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
  };
}

/** What containerd and BuildKit note for themselves. */
function isInternal(annotation: string): boolean {
  return (
    annotation === 'containerd.io/uncompressed' ||
    annotation === 'buildkit/createdat' ||
    annotation.startsWith('containerd.io/distribution.source.')
  );
}
