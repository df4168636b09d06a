import { KilnError } from '../../diagnostic/kiln-error.ts';
import type { ExtraHost } from '../sandbox-process.ts';
import type { PlannedNetwork } from './planned-network.ts';

/** What stands for the address of this machine in `--add-host`. */
const hostGateway = 'host-gateway';

/** Hosts with addresses. Throws KilnError `sandbox/host-gateway` if this machine is to be reached from where it cannot be. */
export function withHostGateway(hosts: readonly ExtraHost[], { kind }: PlannedNetwork): readonly ExtraHost[] {
  return hosts.map(({ host, ip }) => {
    if (ip !== hostGateway) return { host, ip };
    if (kind !== 'joined') return { host, ip: '127.0.0.1' };
    throw new KilnError(
      'sandbox/host-gateway',
      `${host} cannot be this machine, which the network of steps does not lead to`,
      {
        hint: 'share the network of the machine with --network=host or KILN_NETWORK=host',
      },
    );
  });
}
