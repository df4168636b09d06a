import { join } from 'node:path';
import { KilnError } from '../diagnostic/kiln-error.ts';

/** Who asks for a repository. */
export interface GitIdentity {
  /** Path of the socket of the SSH agent that the user gave the name `default`; asked for only if it is needed. */
  readonly agent?: (() => string | undefined) | undefined;
  /** A secret of the user: `GIT_AUTH_TOKEN`, `GIT_AUTH_HEADER`, or those of a host, `GIT_AUTH_TOKEN.host`. */
  readonly secret?: ((id: string) => Uint8Array | undefined) | undefined;
}

/** How git logs in to a remote, and whom it takes it for. */
export interface GitLogin {
  readonly agent: string | undefined;
  /** Where the keys of hosts are noted that were not known. A file that need not be there. */
  readonly knownHosts: string;
  /** Settings of git that must be seen by nobody else. */
  readonly settings: readonly (readonly [name: string, value: string])[];
}

/** @see https://github.com/moby/buildkit/blob/v0.32.0/source/git/source.go#L411 authSecretNames */
export function gitLogin(remote: string, { agent, secret }: GitIdentity, knownHosts: string): GitLogin {
  const header = secret && authorization(remote, secret);
  const settings = header === undefined ? [] : [[`http.${scopeOf(remote)}.extraheader`, header] as const];
  // Others have no business with it: the agent answers whoever asks.
  return { agent: isSshRemote(remote) ? agent?.() : undefined, knownHosts, settings };
}

/** Throws KilnError `source/git-ssh` if a remote cannot be asked without an agent. */
export function checkLogin(remote: string, login: GitLogin | undefined): void {
  if (!isSshRemote(remote) || login?.agent !== undefined) return;
  throw new KilnError('source/git-ssh', 'unset ssh forward key default', {
    hint: 'git repositories over SSH need an agent: give it with --ssh default',
  });
}

/** `ssh://...`, or `user@host:path` as scp writes it. */
function isSshRemote(remote: string): boolean {
  return /^(?:ssh:\/\/|[\w-]+@[a-zA-Z0-9.-]+:)/i.test(remote);
}

function authorization(remote: string, secret: NonNullable<GitIdentity['secret']>): string | undefined {
  const [, host] = /^https?:\/\/(?:[^/@]*@)?([^/?#]+)/i.exec(remote) ?? [];
  if (host === undefined) return undefined;
  const read = (id: string): string | undefined => {
    const value = secret(id);
    return value && Buffer.from(value).toString().trimEnd();
  };
  for (const end of [`.${host}`, '']) {
    const header = read(`GIT_AUTH_HEADER${end}`);
    if (header !== undefined) return `Authorization: ${header}`;
    const token = read(`GIT_AUTH_TOKEN${end}`);
    if (token !== undefined) return `Authorization: basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
  }
  return undefined;
}

/** Submodules of GitHub are mostly of the same owner; other hosts get to see nothing. */
function scopeOf(remote: string): string {
  return ['https://github.com/', 'https://www.github.com/'].find((start) => remote.startsWith(start)) ?? remote;
}

/**
 * Variables for git: settings, and the ssh that it starts. As in BuildKit, a host that nobody knows is believed when it is first
 * asked, and has to stay the same while the repository is fetched; the user's own list is looked at, and not written to.
 */
export function loginEnvironment(
  login: GitLogin | undefined,
  { HOME }: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const { agent, knownHosts = '/dev/null', settings = [] } = login ?? {};
  const lists = [knownHosts, ...(HOME === undefined ? [] : [join(HOME, '.ssh', 'known_hosts')])];
  const ssh = [
    ...['ssh', '-F', '/dev/null', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=accept-new'],
    ...['-o', 'UpdateHostKeys=no', '-o', `UserKnownHostsFile=${lists.map((path) => `"${path}"`).join(' ')}`],
    // Keys that lie about are not for a Dockerfile to use: only those of the agent that was handed over.
    ...['-o', 'IdentityFile=/dev/null', ...(agent === undefined ? ['-o', 'IdentityAgent=none'] : [])],
  ];
  return {
    GIT_SSH_COMMAND: ssh.map(shellWord).join(' '),
    ...(agent !== undefined && { SSH_AUTH_SOCK: agent }),
    GIT_CONFIG_COUNT: String(settings.length),
    ...Object.fromEntries(
      settings.flatMap(([name, value], index) => [
        [`GIT_CONFIG_KEY_${index}`, name],
        [`GIT_CONFIG_VALUE_${index}`, value],
      ]),
    ),
  };
}

function shellWord(text: string): string {
  return /^[\w=/.-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
