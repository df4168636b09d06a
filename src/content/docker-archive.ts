import type { Descriptor } from '../spec/descriptor.ts';
import { isObject, optionalArray, parseJsonObject } from '../spec/json.ts';
import { formatManifest } from '../spec/manifest.ts';
import { mediaTypes } from '../spec/media-type.ts';
import { platformFromJson } from '../spec/platform-json.ts';
import { joinPath } from '../spec/slash-path.ts';
import { ValueError } from '../spec/value-error.ts';
import { brokenImage, parseDocument } from './broken-image.ts';
import { detectCompression } from './decompress.ts';
import type { ImageSource } from './image-source.ts';
import type { ContentStore } from './store.ts';

/** An element of the `manifest.json` of `docker save`. Paths are those of the archive. */
export interface DockerImage {
  readonly config: string;
  readonly tags: readonly string[];
  /** Bottom first. */
  readonly layers: readonly string[];
}

/**
 * The images of an archive of `docker save`; none if it is no such archive.
 *
 * @see https://github.com/moby/docker-image-spec/blob/v1.3.1/spec.md#combined-image-json--filesystem-changeset-format
 */
export function readDockerImages(source: ImageSource): readonly DockerImage[] {
  const bytes = source.file('manifest.json');
  if (!bytes) return [];
  return parseDocument(source.name, 'manifest.json', () => {
    const { images } = parseJsonObject(`{"images":${new TextDecoder().decode(bytes)}}`);
    return optionalArray(images, 'manifest.json').map((image) => {
      if (!isObject(image)) throw new ValueError('an image is no object');
      if (typeof image.Config !== 'string') throw new ValueError('an image has no Config');
      return {
        config: joinPath(image.Config),
        tags: texts(image.RepoTags, 'RepoTags'),
        layers: texts(image.Layers, 'Layers').map((path) => joinPath(path)),
      };
    });
  });
}

function texts(value: unknown, name: string): readonly string[] {
  return optionalArray(value, name).map((text) => {
    if (typeof text !== 'string') throw new ValueError(`${name} has what is not a string`);
    return text;
  });
}

/**
 * Writes the manifest that an image of `docker save` does not have. The layers stay as they are, so for plain ones the diff id
 * is the digest, which is checked.
 *
 * Throws KilnError `content/broken-image`.
 */
export function writeDockerManifest(store: ContentStore, source: ImageSource, image: DockerImage): Descriptor {
  const configBlob = source.blobAt(image.config);
  const bytes = source.file(image.config);
  if (!configBlob || !bytes) throw brokenImage(source.name, `${image.config} is missing`);
  const { diffIds, platform } = parseDocument(source.name, image.config, () => {
    const json = parseJsonObject(new TextDecoder().decode(bytes));
    const ids = isObject(json.rootfs) ? texts(json.rootfs.diff_ids, 'diff_ids') : [];
    return { diffIds: ids, platform: platformFromJson(json) };
  });
  if (diffIds.length !== image.layers.length) {
    throw brokenImage(source.name, `the image has ${image.layers.length} layers, its configuration ${diffIds.length}`);
  }
  const layers = image.layers.map((path, index) => layerDescriptor(source, path, diffIds[index] ?? ''));
  const config = { mediaType: mediaTypes.oci.config, ...configBlob };
  const text = formatManifest({ kind: 'manifest', mediaType: mediaTypes.oci.manifest, config, layers });
  return { mediaType: mediaTypes.oci.manifest, ...store.writeBlob(text), platform };
}

function layerDescriptor(source: ImageSource, path: string, diffId: string): Descriptor {
  const blob = source.blobAt(path);
  if (!blob) throw brokenImage(source.name, `${path} is missing`);
  const compression = detectCompression(source.start(blob.digest));
  if (compression === 'none' && blob.digest !== diffId) {
    throw brokenImage(source.name, `${path} is not ${diffId}: it is ${blob.digest}`);
  }
  return { mediaType: mediaTypes.oci.layer[compression], ...blob };
}
