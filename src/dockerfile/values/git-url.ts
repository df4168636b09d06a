import { joinPath } from '../../spec/slash-path.ts';
import { formatGoUrl, parseGoUrl } from './go-url.ts';
import type { GoUrl } from './go-url.ts';
import { parseUrlQuery } from './url-query.ts';

/** A repository that git can fetch from, and what a URL of it says besides. */
export interface GitUrl {
  readonly scheme: 'http' | 'https' | 'ssh' | 'git';
  /** Decoded. */
  readonly path: string;
  /** What git takes as the remote: without query and fragment. */
  readonly remote: string;
  /** Before the colon of the fragment; empty if none. */
  readonly ref: string;
  /** Behind the colon of the fragment: clean, without a slash at the start; empty if none. */
  readonly subdir: string;
  readonly query: ReadonlyMap<string, readonly string[]>;
}

/**
 * Reads a URL of a protocol that git knows, or `user@host:path` as scp writes it; undefined if the text is neither.
 *
 * Throws a `ValueError` for a URL of such a protocol that is malformed.
 *
 * @see https://git-scm.com/docs/git-clone#_git_urls
 */
export function parseGitUrl(text: string): GitUrl | undefined {
  const [, protocol] = /^([a-zA-Z0-9]+):\/\//.exec(text) ?? [];
  if (protocol === undefined) return parseScpUrl(text);
  const scheme = protocol.toLowerCase();
  if (scheme !== 'http' && scheme !== 'https' && scheme !== 'ssh' && scheme !== 'git') return undefined;
  return gitUrlOf(parseGoUrl(text), scheme);
}

/** The repository at a URL, fetched with `scheme` whatever the URL says. */
export function gitUrlOf(url: GoUrl, scheme: GitUrl['scheme']): GitUrl {
  const remote = formatGoUrl({ ...url, scheme });
  return { scheme, path: url.path, remote, ...splitFragment(url.fragment), query: parseUrlQuery(url.query).values };
}

function parseScpUrl(text: string): GitUrl | undefined {
  const match = /^([\w-]+@[a-zA-Z0-9.-]+:)([^?#\n]*)(?:\?([^#\n]*))?(?:#([^\n]*))?$/.exec(text);
  if (!match) return undefined;
  const [, login = '', path = '', rawQuery = '', fragment = ''] = match;
  const query = parseUrlQuery(rawQuery);
  if (query.problem !== undefined) return undefined;
  return { scheme: 'ssh', path, remote: login + path, ...splitFragment(fragment), query: query.values };
}

function splitFragment(fragment: string): Pick<GitUrl, 'ref' | 'subdir'> {
  const colon = fragment.indexOf(':');
  if (colon < 0) return { ref: fragment, subdir: '' };
  return { ref: fragment.slice(0, colon), subdir: joinPath('/', fragment.slice(colon + 1)).slice(1) };
}
