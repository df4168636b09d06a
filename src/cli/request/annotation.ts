import { quote } from '../../spec/quote.ts';
import { flagError } from './flag-error.ts';
import { splitPair } from './key-value.ts';

/** An annotation of some part of an image. */
export interface Annotation {
  /** What it is attached to, such as `manifest` or `index`. */
  readonly part: string;
  /** Only of the image for this platform; empty for all. */
  readonly platform: string;
  readonly key: string;
  readonly value: string;
}

const parts = ['manifest', 'manifest-descriptor', 'index', 'index-descriptor'];
const placePattern = /^([a-z-]+)(?:\[([A-Za-z0-9_/-]+)\])?$/;
const optionPattern = /^annotation(?:-([a-z-]+))?(?:\[([A-Za-z0-9_/-]+)\])?\.(\S+)$/;

/**
 * `--annotation [PART[PLATFORM],...:]KEY=VALUE`: one annotation a part.
 *
 * Throws KilnError `cli/flag`.
 *
 * @see https://docs.docker.com/reference/cli/docker/buildx/build/#annotation
 */
export function readAnnotation(text: string): readonly Annotation[] {
  const [name, value] = splitPair(text);
  if (value === undefined) throw flagError(`parse annotations: invalid annotation ${quote(text)}, expected key=value`);
  const colon = name.indexOf(':');
  const places = colon < 0 ? ['manifest'] : name.slice(0, colon).split(',');
  return places.map((place) => {
    const [, part = '', platform = ''] = placePattern.exec(place) ?? [];
    if (part === '') {
      const rule = 'expected type and optional platform in square brackets';
      throw flagError(`parse annotations: invalid annotation type ${quote(place)}, ${rule}`);
    }
    if (!parts.includes(part)) throw unknownPart(part);
    return { part, platform, key: name.slice(colon + 1), value };
  });
}

/** The option `annotation[-PART][[PLATFORM]].KEY=VALUE` of `--output`; undefined if it is another. */
export function readAnnotationOption(name: string, value: string): Annotation | undefined {
  const match = optionPattern.exec(name);
  if (!match) return undefined;
  const [, part = 'manifest', platform = '', key = ''] = match;
  if (!parts.includes(part)) throw unknownPart(part);
  return { part, platform, key, value };
}

function unknownPart(part: string): Error {
  return flagError(`parse annotations: unknown annotation type ${quote(part)}`, `the types are ${parts.join(', ')}`);
}
