import { KilnError } from '../diagnostic/kiln-error.ts';
import type { ExecOp } from '../graph/exec-op.ts';

/**
 * Before anything runs, also for steps whose results are known: a Dockerfile gets more than others only if whoever builds it
 * says so.
 *
 * Throws KilnError `ops/entitlement` for what has not been allowed, `ops/device` for devices: there are none.
 */
export function checkEntitlements({ security, network, devices }: ExecOp, entitlements: ReadonlySet<string>): void {
  const needed = [
    ...(security === 'insecure' ? ['security.insecure'] : []),
    ...(network === 'host' ? ['network.host'] : []),
  ];
  for (const name of needed) {
    if (entitlements.has(name)) continue;
    throw new KilnError('ops/entitlement', `${name} is not allowed`, { hint: `allow it with --allow ${name}` });
  }
  for (const text of devices) {
    const { name = '', required } = JSON.parse(text) as { readonly name?: string; readonly required?: boolean };
    if (required !== true) continue;
    throw new KilnError('ops/device', `required device ${name} is not there: Kiln gives no devices to steps`, {
      hint: 'leave ",required" out to do without it',
    });
  }
}
