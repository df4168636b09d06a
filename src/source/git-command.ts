import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { loginEnvironment, type GitLogin } from './git-login.ts';

export interface GitOptions {
  /** Of the process. PATH, proxies and certificates get to git, and nothing else. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absent: nobody is logged in. */
  readonly login?: GitLogin | undefined;
  readonly signal?: AbortSignal | undefined;
  /** What git says on the way. */
  readonly onOutput?: ((data: Uint8Array) => void) | undefined;
}

export interface GitPlace {
  /** The repository. */
  readonly gitDir?: string;
  /** Where its files are; also the working directory. */
  readonly workTree?: string;
}

/** What git wrote to its standard error before it failed. */
export class GitFailure extends Error {
  override readonly name = 'GitFailure';
  readonly stderr: string;

  constructor(args: readonly string[], code: string, stderr: string) {
    super(`git ${args[0] ?? ''}: ${code}\n${stderr}`.trim());
    this.stderr = stderr;
  }
}

const settings = [
  // What others put into a repository must not make git reach for files here or run anything.
  'protocol.allow=never',
  'protocol.http.allow=always',
  'protocol.https.allow=always',
  'protocol.ssh.allow=always',
  'protocol.git.allow=always',
  'protocol.file.allow=user',
  'core.hooksPath=/dev/null',
  'core.fsmonitor=false',
  'core.symlinks=true',
  'credential.helper=',
  'advice.detachedHead=false',
  'init.defaultBranch=master',
  'gc.auto=0',
  'maintenance.auto=false',
  'http.lowSpeedLimit=1',
  'http.lowSpeedTime=60',
].flatMap((setting) => ['-c', setting]);

/** How the network is reached, and whose certificates count. */
const passedOn = [
  ...['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
  ...['GIT_SSL_CAINFO', 'GIT_SSL_CAPATH', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
];
const mostOutput = 64 << 20;
/** Of git, without the files that it maps. KiB. */
const mostMemory = 4 << 20;

/**
 * Runs git, with nothing of the user's or the machine's configuration, and gives what it writes to standard output. It and
 * what it started are killed if the signal is aborted.
 *
 * Throws a {@link GitFailure}, KilnError `source/git-missing`, or the reason of the signal.
 */
export async function runGit(options: GitOptions, place: GitPlace, args: readonly string[]): Promise<string> {
  const { env, signal, onOutput } = options;
  signal?.throwIfAborted();
  const all = [
    ...settings,
    ...(place.workTree === undefined ? [] : ['--work-tree', place.workTree]),
    ...(place.gitDir === undefined ? [] : ['--git-dir', place.gitDir]),
    ...args,
  ];
  // Files get the modes that they have everywhere, whatever the umask of this process is. A server may go on without end with
  // what git keeps in memory.
  const child = spawn(
    '/bin/sh',
    ['-c', `umask 022; ulimit -S -d ${mostMemory}; exec "$@"`, 'sh', findGit(env), ...all],
    {
      cwd: place.workTree ?? place.gitDir ?? '/',
      env: gitEnvironment(options),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    },
  );
  const kill = (): void => {
    if (child.pid !== undefined && child.exitCode === null) killGroup(child.pid);
  };
  signal?.addEventListener('abort', kill, { once: true });
  const stdout: Buffer[] = [];
  let size = 0;
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    size += chunk.length;
    if (size > mostOutput) kill();
    else stdout.push(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => {
    onOutput?.(chunk);
    stderr = (stderr + chunk.toString()).slice(-(1 << 16));
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.once('error', reject);
  child.once('close', (code, name) => {
    resolve(code === 0 ? '' : code === null ? `killed by ${name ?? ''}` : `exit status ${code}`);
  });
  try {
    const failure = await promise;
    signal?.throwIfAborted();
    if (size > mostOutput) throw new GitFailure(args, failure, `it said more than ${mostOutput} bytes\n`);
    if (failure !== '') throw new GitFailure(args, failure, stderr);
    return Buffer.concat(stdout).toString();
  } finally {
    signal?.removeEventListener('abort', kill);
  }
}

function gitEnvironment({ env, login }: GitOptions): Record<string, string> {
  return {
    PATH: env.PATH ?? '',
    LC_ALL: 'C',
    HOME: '/dev/null',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TERMINAL_PROMPT: '0',
    ...loginEnvironment(login, env),
    ...Object.fromEntries(passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
  };
}

function findGit({ PATH = '' }: GitOptions['env']): string {
  for (const directory of PATH.split(':')) {
    const path = join(directory, 'git');
    if (directory.startsWith('/') && existsSync(path)) return path;
  }
  throw new KilnError('source/git-missing', 'failed to find git binary', {
    hint: 'git is needed for sources that are git repositories: install it (apt-get install git)',
  });
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
