import { quote } from '../../spec/quote.ts';
import { ValueError } from '../../spec/value-error.ts';
import { parseBoolean } from './boolean.ts';

/** What of a repository is wanted. Texts that are absent are empty. */
export interface GitSelection {
  /** A branch, tag or commit. */
  readonly ref: string;
  /** A directory in the repository. */
  readonly subdir: string;
  /** The commit that must be found, or the start of it. */
  readonly checksum: string;
  readonly keepGitDir?: boolean;
  readonly submodules?: boolean;
  /** Where the times of files come from; empty means `checkout`. */
  readonly mtime: '' | 'checkout' | 'commit';
  /** Whether the commit of `checksum` is fetched without asking where `ref` points. */
  readonly fetchByCommit: boolean;
}

type Draft = { -readonly [Key in keyof GitSelection]: GitSelection[Key] } & { tag: string; branch: string };

/**
 * Adds what the query of a git URL says to what its fragment says. Throws a {@link ValueError}.
 *
 * @see https://docs.docker.com/build/concepts/context/#url-queries
 */
export function readGitQuery(
  query: ReadonlyMap<string, readonly string[]>,
  fragment: Pick<GitSelection, 'ref' | 'subdir'>,
): GitSelection {
  const draft: Draft = { ...fragment, checksum: '', mtime: '', fetchByCommit: false, tag: '', branch: '' };
  for (const [key, [value = '', ...excess]] of query) {
    if (excess.length > 0) throw new ValueError(`query ${quote(key)} has multiple values`);
    if (value === '' && !switches.has(key)) throw new ValueError(`query ${quote(key)} has no value`);
    readPair(draft, key, value);
  }
  const { tag, branch, ...selection } = draft;
  return { ...selection, ref: refOf(selection.ref, tag, branch) };
}

/** Those that mean true without a value. */
const switches: ReadonlySet<string> = new Set(['submodules', 'keep-git-dir', 'fetch-by-commit']);

function readPair(draft: Draft, key: string, value: string): void {
  switch (key) {
    case 'ref':
      draft.ref = agreed('ref', draft.ref, value);
      return;
    case 'subdir':
      draft.subdir = agreed('subdir', draft.subdir, value);
      return;
    case 'tag':
    case 'branch':
      draft[key] = value;
      return;
    case 'checksum':
    case 'commit':
      draft.checksum = value;
      return;
    case 'mtime':
      draft.mtime = readMtime(value);
      return;
    case 'keep-git-dir':
      draft.keepGitDir = readSwitch(key, value);
      return;
    case 'submodules':
      draft.submodules = readSwitch(key, value);
      return;
    case 'fetch-by-commit':
      draft.fetchByCommit = readSwitch(key, value);
      return;
    default:
      throw new ValueError(`unexpected query ${quote(key)}`);
  }
}

function refOf(ref: string, tag: string, branch: string): string {
  const tagged = tag === '' ? ref : agreed('ref', ref, withPrefix('refs/tags/', tag));
  if (branch === '') return tagged;
  if (tag !== '') throw new ValueError('branch conflicts with tag');
  return agreed('ref', tagged, withPrefix('refs/heads/', branch));
}

function agreed(what: string, before: string, value: string): string {
  if (before === '' || before === value) return value;
  throw new ValueError(`${what} conflicts: ${quote(before)} vs ${quote(value)}`);
}

function withPrefix(prefix: string, name: string): string {
  return name.startsWith(prefix) ? name : prefix + name;
}

function readMtime(value: string): 'checkout' | 'commit' {
  if (value === 'checkout' || value === 'commit') return value;
  throw new ValueError(`invalid mtime value: ${quote(value)} (must be "checkout" or "commit")`);
}

function readSwitch(key: string, value: string): boolean {
  if (value === '') return true;
  try {
    return parseBoolean(value);
  } catch (error) {
    if (error instanceof ValueError) throw new ValueError(`invalid ${key} value: ${quote(value)}`);
    throw error;
  }
}
