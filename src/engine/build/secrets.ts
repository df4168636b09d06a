import { statSync } from 'node:fs';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import type { SecretSource } from '../../ops/op-environment.ts';
import { environmentBytes } from '../../system/environment-bytes.ts';
import { readPath } from '../read-all.ts';
import { reasonOf } from '../read-dockerfile.ts';
import type { SecretFile } from './build-options.ts';

/** The secrets and SSH agents that the user gave. A file is read when a step asks for it. */
export function secretSource(
  secrets: readonly SecretFile[],
  agents: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string | undefined>>,
): SecretSource {
  const byId = new Map(secrets.map((secret) => [secret.id, secret]));
  return {
    secret: (id) => {
      const secret = byId.get(id);
      return secret && readSecret(secret, env);
    },
    agent: (id) => {
      const path = agents.get(id);
      if (path !== undefined) checkSocket(id, path);
      return path;
    },
  };
}

/** BuildKit would be an agent itself for a file with a key. */
function checkSocket(id: string, path: string): void {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat?.isSocket()) return;
  const hint = stat
    ? `start an agent for the key: eval "$(ssh-agent)"; ssh-add ${path}; and give --ssh ${id}`
    : 'is the agent running? SSH_AUTH_SOCK names its socket';
  const reason = stat ? 'is not the socket of an SSH agent' : 'no such file';
  throw new KilnError('engine/ssh-agent', `ssh agent ${id}: ${path}: ${reason}`, { hint });
}

function readSecret(
  { id, source }: SecretFile,
  env: Readonly<Record<string, string | undefined>>,
): Uint8Array | undefined {
  if (source.kind === 'env') {
    const value = env[source.name];
    return value === undefined ? undefined : environmentBytes(source.name, value);
  }
  try {
    return readPath(source.path);
  } catch (cause) {
    throw new KilnError('engine/secret-unreadable', `failed to read secret ${id}: ${source.path}: ${reasonOf(cause)}`, {
      cause,
    });
  }
}
