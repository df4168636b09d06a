import { KilnError } from '../../diagnostic/kiln-error.ts';
import { privilegeHint } from '../../sandbox/native/prepare-step.ts';
import { namespaceAdvice, readSystemFile } from '../../sandbox/rootless/namespace-advice.ts';

/**
 * Where there are neither mounts nor user namespaces, which would give some.
 *
 * @param code the name of the error of mounting
 */
export function noMountsError(code: string): KilnError {
  const { kind, reason, hint } = namespaceAdvice({ code, read: readSystemFile });
  const message = `no program can be run: the kernel refuses mounts (${code}), and user namespaces: ${reason}`;
  return new KilnError('engine/no-mounts', message, { hint: kind === 'setting' ? hint : privilegeHint });
}
