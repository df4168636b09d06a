import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { jsonTable } from '../content/key-value-table.ts';
import type { GitOp } from '../graph/source-op.ts';
import { redactUrl } from '../registry/network-error.ts';
import { checkOut, moveCheckout } from './git-checkout.ts';
import type { GitOptions } from './git-command.ts';
import { gitLogin, type GitIdentity } from './git-login.ts';
import { fetchRepository } from './git-repository.ts';
import { resolveGit } from './git-resolution.ts';
import type { SourceStore } from './source-store.ts';

export interface GitSourceOptions extends Omit<GitOptions, 'login'>, GitIdentity {
  readonly store: SourceStore;
}

/** The files of a commit, in the store. */
export interface GitTree {
  /** Absolute path; not to be written to. */
  readonly directory: string;
  readonly commit: string;
  /** Of the commit, in s since 1970. */
  readonly time: number;
  /** All that decides what is in the directory. */
  readonly key: string;
  /** It was checked out now; if not, the store had it. */
  readonly isNew: boolean;
}

/** What is not in the directory itself. */
type Memory = Pick<GitTree, 'commit' | 'time'>;

/**
 * Checks out a commit of a repository. The remote is asked what a branch or tag is, every time; what was fetched once is not
 * fetched again.
 *
 * Throws KilnError `source/git-missing`, `source/git-ref`, `source/git-checksum`, `source/git-subdir`,
 * `source/git-ssh`, `source/git-failed`.
 *
 * @see https://github.com/moby/buildkit/blob/v0.32.0/source/git/source.go
 */
export async function fetchGit(op: GitOp, options: GitSourceOptions): Promise<GitTree> {
  const { store } = options;
  const knownHosts = store.temporaryPath();
  try {
    return await fetchAs(op, store, { ...options, login: gitLogin(op.remote, options, knownHosts) });
  } finally {
    rmSync(knownHosts, { force: true });
  }
}

async function fetchAs(op: GitOp, store: SourceStore, options: GitOptions): Promise<GitTree> {
  const { signal } = options;
  const resolution = await resolveGit(op, options);
  const { remote, key } = resolution;
  // Where submodules come from may depend on where the repository is.
  const name = createHash('sha256').update(`${key} ${remote}`).digest('hex');
  const directory = join(store.root, 'git', 'checkouts', name);
  // From before it is looked for, so that nobody removes it.
  store.holdings.hold('git-checkout', name, `${redactUrl(remote)}#${op.ref}${op.subdir === '' ? '' : `:${op.subdir}`}`);
  const memories = jsonTable<Memory>(store.database, 'git_checkouts');
  const lock = await store.lockKey(`git-${remote}`, signal);
  const aside = store.temporaryPath();
  try {
    const known = existsSync(directory) ? memories.get(name) : undefined;
    if (known) return { directory, key, isNew: false, ...known };
    const repository = await fetchRepository(resolution, store, options);
    const checkout = await checkOut({ op, resolution, repository, directory: aside, options });
    const memory = { commit: checkout.commit, time: checkout.time };
    mkdirSync(dirname(directory), { recursive: true, mode: 0o700 });
    rmSync(directory, { recursive: true, force: true });
    moveCheckout(checkout, directory);
    memories.set(name, memory);
    return { directory, key, isNew: true, ...memory };
  } finally {
    rmSync(aside, { recursive: true, force: true });
    await lock[Symbol.asyncDispose]();
  }
}
