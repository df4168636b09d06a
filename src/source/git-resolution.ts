import { KilnError } from '../diagnostic/kiln-error.ts';
import type { GitOp } from '../graph/source-op.ts';
import { redactUrl } from '../registry/network-error.ts';
import { quote } from '../spec/quote.ts';
import { GitFailure, runGit } from './git-command.ts';
import type { GitOptions } from './git-command.ts';
import { checkLogin } from './git-login.ts';

/** What is to be checked out. */
export interface GitResolution {
  /** What git takes as the remote. */
  readonly remote: string;
  /** Full name, `refs/...`, or a hash. */
  readonly ref: string;
  /** Hash of what `ref` is: a commit, or a tag with a text. */
  readonly object: string;
  /** What decides the result: hash, and how it is checked out. */
  readonly key: string;
}

/**
 * Finds out which commit is meant; the remote is asked only if a hash does not say so.
 *
 * Throws KilnError `source/git-ref`, `source/git-checksum`, `source/git-ssh`, `source/git-failed`, and as {@link runGit}.
 *
 * @see https://github.com/moby/buildkit/blob/v0.32.0/source/git/source.go#L530 resolveMetadata
 */
export async function resolveGit(op: GitOp, options: GitOptions): Promise<GitResolution> {
  const { remote } = op;
  if (remote.startsWith('-')) throw new KilnError('source/git-ref', `invalid git remote ${quote(remote)}`);
  checkRef(op.ref);
  if (!/^[a-fA-F0-9]*$/.test(op.checksum)) {
    const message = `invalid checksum ${op.checksum} for Git URL, expected hex commit hash`;
    throw new KilnError('source/git-checksum', message);
  }
  if (isCommitHash(op.ref)) {
    if (!op.ref.startsWith(op.checksum)) throw mismatch(op, op.ref);
    return { remote, ref: op.ref, object: op.ref, key: keyOf(op, op.ref, op.ref) };
  }
  if (op.fetchByCommit) return resolveUnseen(op);
  checkLogin(remote, options.login);
  const ref = op.ref === '' ? await defaultBranch(remote, options) : op.ref;
  const output = await asked(remote, 'failed to fetch remote', () =>
    runGit(options, {}, ['ls-remote', '--', remote, ref, `${ref}^{}`]),
  );
  return choose(op, remote, ref, output);
}

/** What the user says that is there is believed. */
function resolveUnseen(op: GitOp): GitResolution {
  const { remote, checksum } = op;
  if (!isCommitHash(checksum)) {
    const message =
      checksum === ''
        ? 'fetch-by-commit requires a checksum or a commit SHA ref'
        : `fetch-by-commit requires a full commit SHA checksum, got ${quote(checksum)}`;
    throw new KilnError('source/git-checksum', message);
  }
  const ref = op.ref === '' ? checksum : op.ref.startsWith('refs/') ? op.ref : `refs/heads/${op.ref}`;
  return { remote, ref, object: checksum, key: keyOf(op, checksum, ref) };
}

function choose(op: GitOp, remote: string, ref: string, output: string): GitResolution {
  const hashes = new Map(output.split('\n').map((line) => line.split('\t').reverse() as [string, string]));
  const branch = withPrefix('refs/heads/', ref);
  const tag = withPrefix('refs/tags/', ref);
  // As git-checkout, branches come before tags.
  const found = [withPrefix('refs/', ref), branch, tag].find((name) => hashes.has(name));
  const object = hashes.get(found ?? '');
  if (found === undefined || object === undefined) {
    const message = `repository does not contain ref ${ref}, output: ${quote(output)}`;
    throw new KilnError('source/git-ref', message, {
      hint: `asked ${redactUrl(remote)}; is the branch, tag or commit right?`,
    });
  }
  if (!isCommitHash(object)) throw new KilnError('source/git-ref', `invalid commit sha ${quote(object)}`);
  const commit = found === tag ? hashes.get(`${tag}^{}`) : undefined;
  const isExpected = [object, commit].some((hash) => hash?.startsWith(op.checksum));
  if (!isExpected) throw mismatch(op, commit === undefined ? object : `${object} or ${commit}`);
  return { remote, ref: found, object, key: keyOf(op, op.keepGitDir ? object : (commit ?? object), found) };
}

async function defaultBranch(remote: string, options: GitOptions): Promise<string> {
  const output = await asked(remote, 'error fetching default branch for repository', () =>
    runGit(options, {}, ['ls-remote', '--symref', '--', remote, 'HEAD']),
  );
  const [, name] = /refs\/heads\/(\S+)/.exec(output) ?? [];
  if (name === undefined) {
    throw new KilnError('source/git-ref', `could not find default branch for repository: ${redactUrl(remote)}`);
  }
  checkRef(name);
  return `refs/heads/${name}`;
}

/** Runs something with a remote; what git says about a failure becomes a part of the message. */
export async function asked<Result>(remote: string, what: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof GitFailure)) throw cause;
    const shown = redactUrl(remote);
    const stderr = cause.stderr.replaceAll(remote, shown).trim();
    throw new KilnError('source/git-failed', `${what} ${shown}: git stderr:\n${stderr}`, { cause });
  }
}

/** @see https://github.com/moby/buildkit/blob/v0.32.0/source/git/source.go#L330 shaToCacheKey */
function keyOf({ keepGitDir, subdir, skipSubmodules, mtime }: GitOp, hash: string, ref: string): string {
  return [
    hash,
    keepGitDir ? `.git#${ref}` : '',
    subdir === '' ? '' : `:${subdir}`,
    skipSubmodules ? '(skip-submodules)' : '',
    mtime === 'checkout' ? '' : `(mtime=${mtime})`,
  ].join('');
}

/** Whether a text is a whole hash, SHA-1 or SHA-256. */
export function isCommitHash(text: string): boolean {
  return /^(?:[a-f0-9]{40}|[a-f0-9]{64})$/.test(text);
}

function checkRef(ref: string): void {
  if (/^-|[\0-\x20\x7f:?*[\\^~]/.test(ref)) throw new KilnError('source/git-ref', `invalid git ref ${quote(ref)}`);
}

function withPrefix(prefix: string, name: string): string {
  return name.startsWith(prefix) ? name : prefix + name;
}

function mismatch({ checksum, remote }: GitOp, found: string): KilnError {
  return new KilnError('source/git-checksum', `expected checksum to match ${checksum}, got ${found}`, {
    hint: `${redactUrl(remote)} is not what it was, or the checksum is not right`,
  });
}
