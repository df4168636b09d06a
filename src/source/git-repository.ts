import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { redactUrl } from '../registry/network-error.ts';
import { GitFailure, runGit } from './git-command.ts';
import type { GitOptions } from './git-command.ts';
import { checkLogin } from './git-login.ts';
import { asked, isCommitHash } from './git-resolution.ts';
import type { GitResolution } from './git-resolution.ts';
import type { SourceStore } from './source-store.ts';

/** What was fetched stays below this name, so that git keeps it. */
const kept = 'refs/kiln';

/**
 * The repository in the store that holds what was ever fetched of a remote, with what a resolution names in it. Its lock has
 * to be held.
 *
 * Throws KilnError `source/git-ssh`, `source/git-failed`, and as {@link runGit}.
 */
export async function fetchRepository(
  { remote, ref, object }: GitResolution,
  store: SourceStore,
  options: GitOptions,
): Promise<string> {
  const gitDir = await openRepository(remote, object, store, options);
  const git = (...args: readonly string[]): Promise<string> => runGit(options, { gitDir }, args);
  const has = (): Promise<boolean> => succeeds(git('cat-file', '-e', `${object}^{commit}`));
  if (await has()) {
    await git('update-ref', `${kept}/${object}`, object);
    return gitDir;
  }
  checkLogin(remote, options.login);
  // Left over from a process that was killed.
  rmSync(join(gitDir, 'shallow.lock'), { force: true });
  const target = `${kept}/${object}`;
  await asked(remote, 'failed to fetch remote', async () => {
    const source = isCommitHash(ref) ? object : ref;
    const isFetched = await succeeds(fetchShallow(git, remote, `+${source}:${target}`));
    if (isFetched && (await has())) return;
    // The branch may have moved since; some servers give any commit that one names.
    if (source !== object && (await succeeds(fetchShallow(git, remote, `+${object}:${target}`))) && (await has()))
      return;
    await fetchAll(git, gitDir, remote);
    await git('cat-file', '-e', `${object}^{commit}`);
  });
  await git('update-ref', target, object);
  return gitDir;
}

type Git = (...args: readonly string[]) => Promise<string>;

async function fetchShallow(git: Git, remote: string, refspec: string): Promise<void> {
  try {
    await git('fetch', '--quiet', '--depth=1', '--no-tags', '--', remote, refspec);
  } catch (error) {
    // Repositories that are served as plain files cannot be cut.
    if (!(error instanceof GitFailure) || !/--depth|shallow/.test(error.stderr)) throw error;
    await git('fetch', '--quiet', '--no-tags', '--', remote, refspec);
  }
}

/** The last resort: everything, in which a commit then is, if it is in any branch or tag. */
async function fetchAll(git: Git, gitDir: string, remote: string): Promise<void> {
  const isShallow = existsSync(join(gitDir, 'shallow'));
  const refspecs = [`+refs/heads/*:${kept}/heads/*`, `+refs/tags/*:${kept}/tags/*`];
  await git(
    'fetch',
    '--quiet',
    '--no-tags',
    '--prune',
    ...(isShallow ? ['--unshallow'] : []),
    '--',
    remote,
    ...refspecs,
  );
}

async function openRepository(
  remote: string,
  object: string,
  store: SourceStore,
  options: GitOptions,
): Promise<string> {
  const format = object.length === 64 ? 'sha256' : 'sha1';
  const name = createHash('sha256').update(`${format} ${remote}`).digest('hex');
  const gitDir = join(store.root, 'git', 'repositories', name);
  store.holdings.hold('git-repository', name, redactUrl(remote));
  if (existsSync(gitDir)) return gitDir;
  const aside = store.temporaryPath();
  mkdirSync(aside, { mode: 0o700 });
  try {
    const init = ['init', '--quiet', '--bare', '--template='];
    await runGit(options, { gitDir: aside }, format === 'sha1' ? init : [...init, `--object-format=${format}`]);
    mkdirSync(dirname(gitDir), { recursive: true, mode: 0o700 });
    renameSync(aside, gitDir);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
  return gitDir;
}

/** Whether git did what it was asked to. What is not git's fault is thrown. */
async function succeeds(work: Promise<unknown>): Promise<boolean> {
  try {
    await work;
    return true;
  } catch (error) {
    if (error instanceof GitFailure) return false;
    throw error;
  }
}
