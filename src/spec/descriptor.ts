import { parseDigest } from './digest.ts';
import type { Digest } from './digest.ts';
import { isObject, optionalString, stringRecord } from './json.ts';
import type { Platform } from './platform.ts';
import { platformFromJson, platformToJson } from './platform-json.ts';
import type { PlatformJson } from './platform-json.ts';
import { quote } from './quote.ts';
import { ValueError } from './value-error.ts';

/** Notes by name; a name is a reversed domain. */
export type Annotations = Readonly<Record<string, string>>;

/**
 * Refers to a blob.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md
 */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly annotations?: Annotations;
  readonly platform?: Platform;
  readonly artifactType?: string;
}

/** A {@link Descriptor} as JSON has it, members in the order in which Go writes them. */
export interface DescriptorJson {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly annotations?: Annotations;
  readonly platform?: PlatformJson;
  readonly artifactType?: string;
}

/** Reads a descriptor from JSON of others. Throws a `ValueError`. */
export function parseDescriptor(value: unknown): Descriptor {
  if (!isObject(value)) throw new ValueError('descriptor is not an object');
  const { digest, size, platform } = value;
  if (typeof digest !== 'string') throw new ValueError('descriptor without digest');
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw new ValueError(`descriptor of ${quote(digest)} without a valid size`);
  }
  const annotations = stringRecord(value.annotations, 'annotations');
  const artifactType = optionalString(value.artifactType, 'artifactType');
  return {
    mediaType: optionalString(value.mediaType, 'mediaType') ?? '',
    digest: parseDigest(digest),
    size,
    ...(annotations && { annotations }),
    ...(isObject(platform) && { platform: platformFromJson(platform) }),
    ...(artifactType !== undefined && { artifactType }),
  };
}

/** The JSON of a descriptor; annotations sorted by name. */
export function descriptorToJson(descriptor: Descriptor): DescriptorJson {
  const { mediaType, digest, size, annotations, platform, artifactType } = descriptor;
  return {
    mediaType,
    digest,
    size,
    ...(annotations && Object.keys(annotations).length > 0 && { annotations: sortedAnnotations(annotations) }),
    ...(platform && { platform: platformToJson(platform) }),
    ...(artifactType !== undefined && { artifactType }),
  };
}

/** The same annotations, sorted by name, as Go writes a map. */
export function sortedAnnotations(annotations: Annotations): Annotations {
  return Object.fromEntries(Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)));
}
