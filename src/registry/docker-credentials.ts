import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

/** Who one is at a registry; undefined for nobody. */
export type CredentialSource = (domain: string) => Promise<Credentials | undefined>;

/** Nobody anywhere. */
export const anonymous: CredentialSource = () => Promise.resolve(undefined);

/**
 * The credentials that `docker login` wrote into its configuration file. A file that is missing or odd holds none;
 * helper programs are not asked.
 *
 * @see https://docs.docker.com/reference/cli/docker/login/#credential-stores
 */
export function dockerCredentials(env: Readonly<Record<string, string | undefined>>): CredentialSource {
  const directory = env['DOCKER_CONFIG'] ?? (env['HOME'] === undefined ? undefined : join(env['HOME'], '.docker'));
  if (directory === undefined || directory === '') return anonymous;
  let entries: Promise<ReadonlyMap<string, Credentials>> | undefined;
  return async (domain) => (await (entries ??= readEntries(join(directory, 'config.json')))).get(domain);
}

async function readEntries(path: string): Promise<ReadonlyMap<string, Credentials>> {
  const entries = new Map<string, Credentials>();
  try {
    const { auths } = JSON.parse(await readFile(path, 'utf8')) as { auths?: Record<string, { auth?: unknown }> };
    for (const [key, value] of Object.entries(auths ?? {})) {
      const credentials = decode(value.auth);
      if (credentials) entries.set(domainOf(key), credentials);
    }
  } catch {
    // Someone else's file: without it, one is nobody, and the registry says so if that is not enough.
  }
  return entries;
}

function decode(auth: unknown): Credentials | undefined {
  if (typeof auth !== 'string' || auth === '') return undefined;
  const text = Buffer.from(auth, 'base64').toString().replace(/\0+$/, '');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { username: text.slice(0, colon), password: text.slice(colon + 1) };
}

/** Keys are domains, or URLs of the first version of the protocol. */
function domainOf(key: string): string {
  const host = key.replace(/^https?:\/\//, '').split('/')[0] ?? '';
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
}
