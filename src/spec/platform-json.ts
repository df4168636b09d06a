import { optionalArray, optionalString } from './json.ts';
import type { Platform } from './platform.ts';
import { ValueError } from './value-error.ts';

/** A {@link Platform} in the names of the JSON, in the order in which Go writes them. */
export interface PlatformJson {
  readonly architecture: string;
  readonly os: string;
  readonly 'os.version'?: string;
  readonly 'os.features'?: readonly string[];
  readonly variant?: string;
}

/**
 * Reads the members of a descriptor's platform, or of an image config, that make a platform. Throws a {@link ValueError}.
 *
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md
 */
export function platformFromJson(value: Readonly<Record<string, unknown>>): Platform {
  const variant = optionalString(value.variant, 'variant') ?? '';
  const osVersion = optionalString(value['os.version'], 'os.version') ?? '';
  const osFeatures = optionalArray(value['os.features'], 'os.features').map((feature) => {
    if (typeof feature !== 'string') throw new ValueError('os.features has what is not a string');
    return feature;
  });
  return {
    os: optionalString(value.os, 'os') ?? '',
    architecture: optionalString(value.architecture, 'architecture') ?? '',
    ...(variant !== '' && { variant }),
    ...(osVersion !== '' && { osVersion }),
    ...(osFeatures.length > 0 && { osFeatures }),
  };
}

/** The JSON of a platform. */
export function platformToJson({ os, architecture, variant, osVersion, osFeatures }: Platform): PlatformJson {
  return {
    architecture,
    os,
    ...(osVersion !== undefined && { 'os.version': osVersion }),
    ...(osFeatures && osFeatures.length > 0 && { 'os.features': osFeatures }),
    ...(variant !== undefined && { variant }),
  };
}
