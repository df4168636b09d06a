import { ValueError } from '../../spec/value-error.ts';
import { readGitQuery } from './git-query.ts';
import type { GitSelection } from './git-query.ts';
import { gitUrlOf, parseGitUrl } from './git-url.ts';
import type { GitUrl } from './git-url.ts';
import { parseGoUrl } from './go-url.ts';

/** A commit in a repository, as a URL names it. Texts that are absent are empty. */
export interface GitReference extends GitSelection {
  /** What git takes as the remote: `https://github.com/foo/bar` for `github.com/foo/bar`. */
  readonly remote: string;
  /** The directory name of the repository: `bar` for `https://github.com/foo/bar.git`. */
  readonly shortName: string;
  /** Whether a local path could be written the same, as `github.com/foo/bar`. */
  readonly indistinguishableFromLocal: boolean;
  /** Whether the connection is not encrypted, as with `git://` and `http://`. */
  readonly unencrypted: boolean;
}

/** What {@link parseGitReference} made of a text. */
export type GitReferenceResult =
  | { readonly kind: 'not-git' }
  /** A git URL, with a query that says something wrong. */
  | { readonly kind: 'invalid'; readonly message: string }
  | { readonly kind: 'git'; readonly reference: GitReference };

/**
 * Reads a text as a git URL; of HTTP only one whose path ends in `.git`. Of several mistakes in a query, the first.
 *
 * @see https://docs.docker.com/build/concepts/context/#git-repositories
 */
export function parseGitReference(text: string): GitReferenceResult {
  const isShort = text.startsWith('github.com/');
  const url = readUrl(text, isShort);
  if (!url) return { kind: 'not-git' };
  const { remote } = url;
  try {
    const reference: GitReference = {
      remote,
      shortName: (remote.split('/').at(-1) ?? '').replace(/\.git$/, ''),
      indistinguishableFromLocal: isShort,
      unencrypted: !isShort && (url.scheme === 'http' || url.scheme === 'git'),
      ...readGitQuery(url.query, { ref: url.ref, subdir: url.subdir }),
    };
    return { kind: 'git', reference };
  } catch (error) {
    if (error instanceof ValueError) return { kind: 'invalid', message: error.message };
    throw error;
  }
}

function readUrl(text: string, isShort: boolean): GitUrl | undefined {
  try {
    if (isShort) return gitUrlOf(parseGoUrl(text), 'https');
    const url = parseGitUrl(text);
    const isWebPage = url?.scheme.startsWith('http') && !url.path.endsWith('.git');
    return isWebPage ? undefined : url;
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}
