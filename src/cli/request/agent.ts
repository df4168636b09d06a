import { quote } from '../../spec/quote.ts';
import { flagError } from './flag-error.ts';
import { splitPair } from './key-value.ts';

/**
 * `--ssh default|ID[=PATH[,PATH...]]`; without a path, the agent of the user.
 *
 * Throws KilnError `cli/flag`.
 *
 * @see https://docs.docker.com/reference/cli/docker/buildx/build/#ssh
 */
export function readAgents(
  texts: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): ReadonlyMap<string, readonly string[]> {
  const agents = new Map<string, readonly string[]>();
  for (const text of texts.filter((given) => given !== '')) {
    const [name, value = ''] = splitPair(text);
    const id = name || 'default';
    if (agents.has(id)) throw flagError(`duplicate agent ID ${quote(id)}`);
    agents.set(id, value === '' ? [ownAgent(env)] : value.split(','));
  }
  return agents;
}

function ownAgent(env: Readonly<Record<string, string | undefined>>): string {
  const socket = env['SSH_AUTH_SOCK'];
  if (socket) return socket;
  throw flagError(
    'invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set',
    'start an SSH agent, or name a socket: --ssh default=PATH',
  );
}
