import { KilnError } from '../../diagnostic/kiln-error.ts';

/**
 * What the network `default` of steps is: that of the host; one of their own, by which they reach others but not the host's
 * loopback addresses and abstract sockets; or, with `auto`, the latter if a program that can make it is installed.
 */
export type NetworkChoice = 'auto' | 'host' | 'isolated';

const choices: readonly NetworkChoice[] = ['auto', 'host', 'isolated'];

/** Of the variable KILN_NETWORK; nothing is `auto`. Throws KilnError `sandbox/network` for anything else. */
export function parseNetworkChoice(text = ''): NetworkChoice {
  const choice = choices.find((name) => name === (text || 'auto'));
  if (choice) return choice;
  throw new KilnError('sandbox/network', `KILN_NETWORK is ${JSON.stringify(text)}, which is no choice of networks`, {
    hint: `it can be ${choices.join(', ')}`,
  });
}
