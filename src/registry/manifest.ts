import { KilnError } from '../diagnostic/kiln-error.ts';
import { checkDigest } from '../spec/digest-syntax.ts';
import type { Platform } from '../spec/platform.ts';
import { isIndexType, isManifestType, mediaTypes } from './media-type.ts';

/**
 * Names a piece of content.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md
 */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly platform?: Platform;
  readonly annotations?: Readonly<Record<string, string>>;
}

/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md */
export interface IndexDocument {
  readonly kind: 'index';
  readonly mediaType: string;
  readonly manifests: readonly Descriptor[];
}

/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md */
export interface ManifestDocument {
  readonly kind: 'manifest';
  readonly mediaType: string;
  readonly config: Descriptor;
  /** From the lowest up. */
  readonly layers: readonly Descriptor[];
}

/**
 * Reads what a registry gave for a manifest or an index, of OCI or Docker (schema 2).
 *
 * Throws KilnError `registry/manifest-invalid`, `registry/manifest-unsupported`.
 */
export function parseManifest(bytes: Uint8Array, givenType: string): IndexDocument | ManifestDocument {
  const document = parseObject(bytes, 'manifest');
  const mediaType = typeof document['mediaType'] === 'string' ? document['mediaType'] : guessType(document, givenType);
  if (isIndexType(mediaType)) {
    return { kind: 'index', mediaType, manifests: list(document['manifests'], 'manifests').map(parseDescriptor) };
  }
  if (isManifestType(mediaType)) {
    if (Array.isArray(document['manifests'])) throw invalid('it is both a manifest and an index');
    const layers = list(document['layers'] ?? [], 'layers').map(parseDescriptor);
    return { kind: 'manifest', mediaType, config: parseDescriptor(document['config']), layers };
  }
  throw new KilnError('registry/manifest-unsupported', `manifests of type ${mediaType} are not supported`, {
    hint: 'only images in the formats of OCI and Docker (schema 2) can be used',
  });
}

/** Old registries do not say what they give; `Content-Type` then decides, or what is in it. */
function guessType(document: Readonly<Record<string, unknown>>, givenType: string): string {
  if (isIndexType(givenType) || isManifestType(givenType)) return givenType;
  if (document['schemaVersion'] === 1) return 'application/vnd.docker.distribution.manifest.v1+json';
  if (Array.isArray(document['manifests'])) return mediaTypes.ociIndex;
  return document['config'] !== undefined ? mediaTypes.ociManifest : givenType;
}

/** A JSON object; throws KilnError `registry/manifest-invalid`. */
export function parseObject(bytes: Uint8Array, what: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
    if (isObject(value)) return value;
  } catch (cause) {
    throw invalid(`the ${what} is not JSON`, cause);
  }
  throw invalid(`the ${what} is no JSON object`);
}

function parseDescriptor(value: unknown): Descriptor {
  if (!isObject(value)) throw invalid('a descriptor is no object');
  const { mediaType, digest, size, platform, annotations } = value;
  if (typeof digest !== 'string') throw invalid('a descriptor has no digest');
  try {
    checkDigest(digest);
  } catch (cause) {
    throw invalid(`the digest ${digest} is none`, cause);
  }
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) throw invalid(`${digest} has no size`);
  const parsed = parsePlatformObject(platform);
  return {
    mediaType: typeof mediaType === 'string' ? mediaType : '',
    digest,
    size,
    ...(parsed && { platform: parsed }),
    ...(isObject(annotations) && { annotations: onlyTexts(annotations) }),
  };
}

/** The platform in an index or an image configuration; undefined if there is none. */
export function parsePlatformObject(value: unknown): Platform | undefined {
  if (!isObject(value)) return undefined;
  const { os, architecture, variant, 'os.version': osVersion, 'os.features': osFeatures } = value;
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return {
    os,
    architecture,
    ...(typeof variant === 'string' && variant !== '' && { variant }),
    ...(typeof osVersion === 'string' && osVersion !== '' && { osVersion }),
    ...(Array.isArray(osFeatures) && { osFeatures: osFeatures.filter((feature) => typeof feature === 'string') }),
  };
}

function list(value: unknown, what: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw invalid(`${what} is no list`);
}

function onlyTexts(value: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(value).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(reason: string, cause?: unknown): KilnError {
  return new KilnError('registry/manifest-invalid', `the registry gave an invalid manifest: ${reason}`, { cause });
}
