import { createHash } from 'node:crypto';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { digestAlgorithm, parseDigest, parseDiffId } from '../spec/digest.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import type { Digest, DiffId } from '../spec/digest.ts';
import { isObject, optionalArray, parseJsonObject } from '../spec/json.ts';
import { parseManifest } from '../spec/manifest.ts';
import type { ImageIndex, ImageManifest } from '../spec/manifest.ts';
import { isIndexType, isManifestType, mediaTypes } from '../spec/media-type.ts';
import { platformFromJson } from '../spec/platform-json.ts';
import type { Platform } from '../spec/platform.ts';
import { ValueError } from '../spec/value-error.ts';

/** A manifest or an index, and what names it. */
export interface RegistryDocument {
  readonly descriptor: Descriptor;
  readonly content: ImageIndex | ImageManifest;
}

/** What Kiln understands, for the `Accept` header. */
export const acceptedManifests = [
  ...[mediaTypes.oci.index, mediaTypes.oci.manifest, mediaTypes.docker.index, mediaTypes.docker.manifest],
  '*/*',
].join(', ');

/**
 * Reads what a registry gave as a manifest or an index; `digest` is what it must have.
 *
 * Throws KilnError `registry/manifest-corrupt`, `registry/manifest-invalid`.
 */
export function readDocument(bytes: Uint8Array, digest: Digest, givenType: string): RegistryDocument {
  const actual = digestOf(bytes, digestAlgorithm(digest));
  if (actual !== digest) {
    throw new KilnError('registry/manifest-corrupt', `the registry sent a wrong manifest for ${digest}: got ${actual}`);
  }
  const isKnown = isIndexType(givenType) || isManifestType(givenType);
  const content = checked('manifest', () => parseManifest(decode(bytes), isKnown ? givenType : ''));
  const { index, manifest } = mediaTypes.oci;
  const mediaType = content.mediaType === '' ? (content.kind === 'index' ? index : manifest) : content.mediaType;
  return { descriptor: { mediaType, digest, size: bytes.length }, content };
}

/** The digest of some bytes. */
export function digestOf(bytes: Uint8Array, algorithm = 'sha256'): Digest {
  return parseDigest(`${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`);
}

/** Of an image configuration, from the lowest up. Throws KilnError `registry/manifest-invalid`. */
export function readDiffIds(config: Uint8Array): readonly DiffId[] {
  return checked('image configuration', () => {
    const { rootfs } = parseJsonObject(decode(config));
    const ids = isObject(rootfs) ? optionalArray(rootfs.diff_ids, 'diff_ids') : [];
    return ids.map((id) => parseDiffId(String(id)));
  });
}

/** What an image configuration says its image is for. Throws KilnError `registry/manifest-invalid`. */
export function readPlatform(config: Uint8Array): Platform {
  return checked('image configuration', () => platformFromJson(parseJsonObject(decode(config))));
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function checked<Value>(what: string, read: () => Value): Value {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof ValueError)) throw cause;
    const hint = 'only images in the formats of OCI and Docker (schema 2) can be used';
    throw new KilnError('registry/manifest-invalid', `the registry gave an invalid ${what}: ${cause.message}`, {
      hint,
      cause,
    });
  }
}
