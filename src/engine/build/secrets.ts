import { statSync } from 'node:fs';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import type { SecretSource } from '../../ops/op-environment.ts';
import { environmentBytes } from '../../system/environment-bytes.ts';
import { readPath } from '../read-all.ts';
import { reasonOf } from '../read-dockerfile.ts';
import type { SecretFile } from './build-options.ts';

/** As BuildKit has it. Bytes. */
const largestSecret = 500 * 1024;

/**
 * The secrets and SSH agents that the user gave. A file is read when a step asks for it, but has to be there from the beginning.
 *
 * Throws KilnError `engine/secret-unreadable`.
 */
export function secretSource(
  secrets: readonly SecretFile[],
  agents: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string | undefined>>,
): SecretSource {
  for (const { id, source } of secrets) if (source.kind === 'file') checkFile(id, source.path);
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

function checkFile(id: string, path: string): void {
  let size: number;
  try {
    ({ size } = statSync(path));
  } catch (cause) {
    throw unreadable(id, path, cause);
  }
  if (size <= largestSecret) return;
  throw new KilnError('engine/secret-unreadable', `secret ${id}: ${path} has more than ${largestSecret} bytes`, {
    hint: 'a secret is a key or a password; mount files with --build-context and RUN --mount=type=bind',
  });
}

function unreadable(id: string, path: string, cause: unknown): KilnError {
  const message = `failed to read secret ${id}: ${path}: ${reasonOf(cause)}`;
  return new KilnError('engine/secret-unreadable', message, { cause });
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
    throw unreadable(id, source.path, cause);
  }
}
