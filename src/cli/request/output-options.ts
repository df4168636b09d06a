import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import { readAnnotationOption, type Annotation } from './annotation.ts';
import type { OutputFields } from './output-fields.ts';

/** Options that change what is made. */
const layerOptions = ['compression', 'compression-level', 'force-compression', 'rewrite-timestamp'];
const imageOptions = ['name', 'oci-mediatypes', ...layerOptions];
const actedOn: Readonly<Record<string, readonly string[]>> = {
  image: [...imageOptions, 'push'],
  oci: [...imageOptions, 'tar'],
  docker: [...imageOptions, 'tar'],
  local: [],
  tar: [],
};

/** Options that say what is so anyway, whatever their value. */
const idle = ['unpack', 'store', 'buildinfo', 'buildinfo-attrs'];

/** Options of BuildKit that change nothing here. */
const others = [
  ...['push', 'push-by-digest', 'registry.insecure', 'dangling-name-prefix', 'danging-name-empty-only'],
  ...['name-canonical', 'oci-artifact', 'attestation-inline', 'prefer-nondist-layers', 'source-date-epoch', 'context'],
  ...['attestation-prefix', 'platform-split', 'mode'],
];

/** The options of an output that change nothing, as they are named in a warning. */
export function idleOptions({ type, options }: OutputFields): readonly string[] {
  const acted = actedOn[type] ?? [];
  const names = [...options].flatMap(([name, value]) => {
    if (name === 'compression' && value === 'estargz') return ['compression=estargz'];
    if (acted.includes(name) || idle.includes(name)) return [];
    const annotation = readAnnotationOption(name, value);
    if (annotation) return isOfManifests(annotation) && acted.length > 0 ? [] : [name];
    return [`${name}${didYouMean(suggest(name, [...acted, ...others]))}`];
  });
  return names.map((name) => `--output ${name}`);
}

/** Whether an annotation is of every manifest; others are not written. */
export function isOfManifests({ part, platform }: Annotation): boolean {
  return part === 'manifest' && platform === '';
}
