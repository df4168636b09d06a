import type { FlagValues } from '../commands/flag-values.ts';
import type { Annotation } from './annotation.ts';
import { attestationOf, wantsAttestation } from './attestation.ts';
import { idleOptions, isOfManifests } from './output-options.ts';
import type { OutputFields } from './output-fields.ts';

/** Flags that change nothing in this version. Those that are not here, and do nothing either, say what is so anyway. */
const names: readonly string[] = [
  ...['builder', 'cache-from', 'cache-to', 'invoke', 'isolation', 'policy', 'push', 'security-opt', 'squash'],
];

/** What of the flags changes nothing, as a warning names it. Throws KilnError `cli/flag`. */
export function notActedOn(
  flags: FlagValues,
  { outputs, annotations }: { readonly outputs: readonly OutputFields[]; readonly annotations: readonly Annotation[] },
): readonly string[] {
  const idle = names.filter((name) => flags.has(name));
  if (flags.all('attest').filter(wantsAttestation).length > 0) idle.push('attest');
  for (const type of ['provenance', 'sbom']) {
    const value = flags.last(type) ?? '';
    if (value !== '' && wantsAttestation(attestationOf(type, value))) idle.push(type);
  }
  const parts = annotations.filter((annotation) => !isOfManifests(annotation)).map(({ part }) => `annotation ${part}`);
  return [...new Set([...[...idle, ...parts].sort().map((name) => `--${name}`), ...outputs.flatMap(idleOptions)])];
}
