import { lstatSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { setTime } from '../files/attributes.ts';
import { childPath, fsPath, toBinary } from '../files/binary-path.ts';
import type { GitOp } from '../graph/source-op.ts';
import { redactUrl } from '../registry/network-error.ts';
import { quote } from '../spec/quote.ts';
import { GitFailure, runGit } from './git-command.ts';
import type { GitOptions } from './git-command.ts';
import { asked, isCommitHash } from './git-resolution.ts';
import type { GitResolution } from './git-resolution.ts';

export interface CheckoutRequest {
  readonly op: GitOp;
  readonly resolution: GitResolution;
  /** The bare repository that has the commit. */
  readonly repository: string;
  /** A directory of one's own, which is made and in which all happens. */
  readonly directory: string;
  readonly options: GitOptions;
}

/** What {@link checkOut} made. */
export interface Checkout {
  /** Below the directory of the request. */
  readonly directory: string;
  readonly commit: string;
  /** s since 1970 */
  readonly time: number;
}

/**
 * Writes the files of a commit, and those of its submodules.
 *
 * Throws KilnError `source/git-failed`, `source/git-subdir`, and as {@link runGit}.
 */
export async function checkOut(request: CheckoutRequest): Promise<Checkout> {
  const { op, resolution, repository, directory, options } = request;
  const workTree = join(directory, 'tree');
  const isKept = op.keepGitDir && op.subdir === '';
  const gitDir = isKept ? join(workTree, '.git') : join(directory, 'git');
  mkdirSync(directory, { mode: 0o700 });
  mkdirSync(workTree, { mode: 0o755 });
  const { remote, object } = resolution;
  const git = (...args: readonly string[]): Promise<string> => runGit(options, { gitDir, workTree }, args);
  await git('init', '--quiet', '--template=', ...(object.length === 64 ? ['--object-format=sha256'] : []));
  if (isKept) await borrowNothing(request, git);
  else writeFileSync(join(gitDir, 'objects', 'info', 'alternates'), `${join(repository, 'objects')}\n`);
  await asked(remote, 'failed to checkout remote', () => git('checkout', '--quiet', '--detach', `${object}^{commit}`));
  // Submodules may be named relative to it.
  await git('config', 'remote.origin.url', isKept ? redactUrl(remote) : remote);
  if (!op.skipSubmodules) {
    await asked(remote, 'failed to update submodules for', () => updateSubmodules(git));
  }
  // Only the repository in the store knows where its history ends.
  const show = ['show', '--no-patch', '--format=%H %ct', `${object}^{commit}`];
  const [commit = '', time = ''] = (await runGit(options, { gitDir: repository }, show)).trim().split(' ');
  if (isKept) removeTraces(gitDir);
  else removeLinks(toBinary(workTree));
  if (op.mtime === 'commit') setTimesBelow(toBinary(workTree), BigInt(time) * 1_000_000_000n);
  return { directory: subdirectory(workTree, op.subdir), commit, time: Number(time) };
}

/** A repository that is kept has to have its objects itself. */
async function borrowNothing({ resolution, repository }: CheckoutRequest, git: Git): Promise<void> {
  const { ref, object } = resolution;
  const target = isCommitHash(ref) ? '' : `:${ref}`;
  await git(
    'fetch',
    '--quiet',
    '--update-head-ok',
    '--depth=1',
    '--no-tags',
    '--',
    `file://${repository}`,
    `${object}${target}`,
  );
}

async function updateSubmodules(git: Git): Promise<void> {
  const update = ['submodule', '--quiet', 'update', '--init', '--recursive'];
  try {
    await git(...update, '--depth=1');
  } catch (error) {
    // As for the repository itself: plain files cannot be cut.
    if (!(error instanceof GitFailure) || !/--depth|shallow/.test(error.stderr)) throw error;
    await git(...update);
  }
}

type Git = (...args: readonly string[]) => Promise<string>;

/** When it was fetched, and from where on this machine. */
function removeTraces(gitDir: string): void {
  rmSync(join(gitDir, 'FETCH_HEAD'), { force: true });
  rmSync(join(gitDir, 'logs'), { recursive: true, force: true });
}

/** In the place of a submodule is a file that says where its repository is: nowhere, soon. */
function removeLinks(directory: string): void {
  for (const entry of readdirSync(fsPath(directory), { withFileTypes: true, encoding: 'latin1' })) {
    const path = childPath(directory, entry.name);
    if (entry.name === '.git') rmSync(fsPath(path), { recursive: true, force: true });
    else if (entry.isDirectory()) removeLinks(path);
  }
}

function setTimesBelow(path: string, timeNs: bigint): void {
  for (const entry of readdirSync(fsPath(path), { withFileTypes: true, encoding: 'latin1' })) {
    const below = childPath(path, entry.name);
    if (entry.isDirectory()) setTimesBelow(below, timeNs);
    else setTime(below, timeNs);
  }
  setTime(path, timeNs);
}

/** Only directories lead there: a link might lead out of the repository. */
function subdirectory(root: string, subdir: string): string {
  let path = root;
  for (const name of subdir.split('/').filter((part) => part !== '' && part !== '.')) {
    path = join(path, name);
    const found = name === '..' ? undefined : lstatSync(path, { throwIfNoEntry: false });
    if (!found)
      throw new KilnError('source/git-subdir', `invalid subdir ${subdir}: ${quote(name)}: no such file or directory`);
    if (!found.isDirectory()) {
      throw new KilnError('source/git-subdir', `git subpath ${quote(subdir)} contains non-directory ${quote(name)}`);
    }
  }
  return path;
}

/** Moves a checkout to where it stays. */
export function moveCheckout({ directory }: Checkout, to: string): void {
  renameSync(directory, to);
}
