import { parseBoolean } from '../../dockerfile/values/boolean.ts';
import { ValueError } from '../../spec/value-error.ts';
import { flagError, parseFlag } from './flag-error.ts';
import { fieldsOf, splitPair } from './key-value.ts';

/** Whether `--attest type=TYPE[,...]` wants an attestation, and does not forbid one. Throws KilnError `cli/flag`. */
export function wantsAttestation(text: string): boolean {
  let type = '';
  let isDisabled = false;
  for (const field of fieldsOf(text)) {
    const [key, value] = splitPair(field);
    if (value === undefined) throw flagError(`invalid value ${field}`);
    const name = key.toLowerCase().trim();
    if (name === 'type') type = value;
    if (name === 'disabled') {
      isDisabled = parseFlag(
        () => parseBoolean(value),
        (reason) => `invalid value ${field}: ${reason}`,
      );
    }
  }
  if (type === '') throw flagError('attestation type not specified', 'the form is --attest type=sbom|provenance');
  return !isDisabled;
}

/** What `--provenance VALUE` and `--sbom VALUE` are short for. */
export function attestationOf(type: string, value: string): string {
  try {
    return `type=${type},disabled=${String(!parseBoolean(value))}`;
  } catch (error) {
    if (error instanceof ValueError) return `type=${type},${value}`;
    throw error;
  }
}
