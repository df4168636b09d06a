import { existsSync } from 'node:fs';
import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import { quote } from '../../spec/quote.ts';
import { isDirectory } from '../is-directory.ts';
import { readAnnotationOption, type Annotation } from './annotation.ts';
import { flagError } from './flag-error.ts';
import { readBoolean, readLayerOptions } from './layer-options.ts';
import type { OutputFields } from './output-fields.ts';
import { isOfManifests } from './output-options.ts';
import type { OutputRequest } from './output-request.ts';
import { readTag } from './tag.ts';

const types = ['oci', 'docker', 'image', 'registry', 'local', 'tar', 'cacheonly'];

/** What every output of a build has in common. */
export interface OutputContext {
  /** Full names of the image, which count instead of those of the output. */
  readonly tags: readonly string[];
  readonly annotations: readonly Annotation[];
}

/** An output; undefined for `type=cacheonly`. Throws KilnError `cli/flag`. */
export function readOutput(fields: OutputFields, context: OutputContext): OutputRequest | undefined {
  const { type, destination } = fields;
  switch (type) {
    case 'cacheonly':
      return undefined;
    case 'local':
      return { kind: type, destination: directoryOf(fields) };
    case 'tar':
      return { kind: type, destination: fileOf(destination || '-') };
    case 'image':
    case 'registry':
      return storeOutput(fields, context);
    case 'oci':
    case 'docker':
      return archiveOutput(fields, type, context);
    default:
      throw flagError(
        `exporter ${quote(type)} could not be found${didYouMean(suggest(type, types))}`,
        `the types of output are ${types.join(', ')}`,
      );
  }
}

function storeOutput(fields: OutputFields, context: OutputContext): OutputRequest {
  const push = fields.type === 'registry' || (readBoolean(fields.options, 'push') ?? false);
  return { kind: 'store', push, ...imageOptions(fields, context) };
}

/** Docker's archive without a destination is what `docker load` would load: an image in the store. */
function archiveOutput(fields: OutputFields, kind: 'oci' | 'docker', context: OutputContext): OutputRequest {
  const tar = fields.options.get('tar') === '' || (readBoolean(fields.options, 'tar') ?? true);
  if (!tar) return { kind, tar, destination: directoryOf(fields), ...imageOptions(fields, context) };
  if (kind === 'docker' && fields.destination === '') return storeOutput(fields, context);
  return { kind, tar, destination: fileOf(fields.destination || '-'), ...imageOptions(fields, context) };
}

function imageOptions({ options }: OutputFields, { tags, annotations }: OutputContext) {
  const layers = readLayerOptions(options);
  const ociMediaTypes = readBoolean(options, 'oci-mediatypes');
  if (ociMediaTypes === false && layers.compression === 'zstd') {
    throw flagError('exporter option "compression=zstd" conflicts with "oci-mediatypes=false"');
  }
  const own = [...options].map(([name, value]) => readAnnotationOption(name, value));
  const all = [...own, ...annotations].filter((annotation) => annotation !== undefined);
  return {
    names: tags.length > 0 ? tags : (options.get('name') ?? '').split(',').filter(Boolean).map(readTag),
    layers,
    ociMediaTypes,
    annotations: Object.fromEntries(all.filter(isOfManifests).map(({ key, value }) => [key, value])),
  };
}

function directoryOf({ type, destination }: OutputFields): string {
  if (destination === '') throw flagError(`dest is required for ${type} exporter`, 'add dest=DIRECTORY');
  if (destination === '-') throw flagError(`dest cannot be stdout for ${type} exporter`, 'add dest=DIRECTORY');
  if (existsSync(destination) && !isDirectory(destination))
    throw flagError(`destination directory ${destination} is a file`);
  return destination;
}

function fileOf(destination: string): string {
  if (destination !== '-' && isDirectory(destination)) {
    throw flagError(`destination file ${destination} is a directory`, 'name a file in it');
  }
  return destination;
}
