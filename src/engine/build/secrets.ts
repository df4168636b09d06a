import { KilnError } from '../../diagnostic/kiln-error.ts';
import type { SecretSource } from '../../ops/op-environment.ts';
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
    agent: (id) => agents.get(id),
  };
}

function readSecret(
  { id, source }: SecretFile,
  env: Readonly<Record<string, string | undefined>>,
): Uint8Array | undefined {
  if (source.kind === 'env') {
    const value = env[source.name];
    return value === undefined ? undefined : new TextEncoder().encode(value);
  }
  try {
    return readPath(source.path);
  } catch (cause) {
    throw new KilnError('engine/secret-unreadable', `failed to read secret ${id}: ${source.path}: ${reasonOf(cause)}`, {
      cause,
    });
  }
}
