import { percentDecode, percentEncode } from '../../spec/percent-encoding.ts';
import { quote } from '../../spec/quote.ts';
import { ValueError } from '../../spec/value-error.ts';
import { parseAuthority } from './go-url-authority.ts';
import type { Userinfo } from './go-url-authority.ts';

/**
 * A URL as Go splits it, which differs from how browsers do. All parts but `query` and `encodedPath` are decoded.
 *
 * @see https://pkg.go.dev/net/url#URL
 */
export interface GoUrl {
  /** In lower case; empty if relative. */
  readonly scheme: string;
  /** What follows the scheme of a URL without a slash there, as written; else empty. */
  readonly opaque: string;
  readonly user?: Userinfo;
  /** With the port. */
  readonly host: string;
  /** Whether the path follows the scheme directly, as in `file:/tmp`. */
  readonly omitHost: boolean;
  readonly path: string;
  /** The path as {@link formatGoUrl} writes it. */
  readonly encodedPath: string;
  /** Without the question mark, as written. */
  readonly query: string;
  /** Whether the URL ends in a question mark that starts no query. */
  readonly forceQuery: boolean;
  readonly fragment: string;
}

/**
 * Splits a URL, absolute or relative. Throws a {@link ValueError}, `parse "...": ...`.
 *
 * @see https://pkg.go.dev/net/url#Parse
 */
export function parseGoUrl(text: string): GoUrl {
  const hash = text.indexOf('#');
  const main = hash < 0 ? text : text.slice(0, hash);
  const url = inContext(main, () => parseMain(main));
  if (hash < 0) return url;
  return { ...url, fragment: inContext(text, () => percentDecode(text.slice(hash + 1), 'fragment')) };
}

/**
 * The URL without its query and fragment.
 *
 * @see https://pkg.go.dev/net/url#URL.String
 */
export function formatGoUrl(url: GoUrl): string {
  const scheme = url.scheme === '' ? '' : `${url.scheme}:`;
  const end = url.forceQuery ? '?' : '';
  if (url.opaque !== '') return scheme + url.opaque + end;
  const hasAuthority =
    url.host !== '' || url.user !== undefined || (url.scheme !== '' && url.path !== '' && !url.omitHost);
  const authority = hasAuthority ? `//${formatUser(url.user)}${percentEncode(url.host, 'host')}` : '';
  const slash = url.host !== '' && url.path !== '' && !url.path.startsWith('/') ? '/' : '';
  return scheme + authority + slash + url.encodedPath + end;
}

function formatUser(user: Userinfo | undefined): string {
  if (!user) return '';
  const password = user.password === undefined ? '' : `:${percentEncode(user.password, 'userinfo')}`;
  return `${percentEncode(user.name, 'userinfo')}${password}@`;
}

function inContext<T>(text: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ValueError) throw new ValueError(`parse ${quote(text)}: ${error.message}`);
    throw error;
  }
}

function parseMain(text: string): GoUrl {
  if (/[\0-\x1f\x7f]/.test(text)) throw new ValueError('net/url: invalid control character in URL');
  if (text.startsWith(':')) throw new ValueError('missing protocol scheme');
  const [, written = ''] = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(text) ?? [];
  const scheme = written.toLowerCase();
  const rest = written === '' ? text : text.slice(written.length + 1);
  const mark = rest.indexOf('?');
  const location = mark < 0 ? rest : rest.slice(0, mark);
  const query = mark < 0 ? '' : rest.slice(mark + 1);
  const base = { scheme, opaque: '', host: '', omitHost: false, path: '', encodedPath: '', fragment: '' };
  const common = { ...base, query, forceQuery: mark >= 0 && query === '' };
  if (scheme !== '' && !location.startsWith('/')) return { ...common, opaque: location };
  if (scheme === '' && /^[^/]*:/.test(location)) {
    throw new ValueError('first path segment in URL cannot contain colon');
  }
  const hasAuthority = location.startsWith('//') && (scheme !== '' || !location.startsWith('///'));
  if (!hasAuthority) return { ...common, omitHost: scheme !== '', ...parsePath(location) };
  const slash = location.indexOf('/', 2);
  const authority = location.slice(2, slash < 0 ? undefined : slash);
  return { ...common, ...parseAuthority(authority, scheme), ...parsePath(slash < 0 ? '' : location.slice(slash)) };
}

function parsePath(encoded: string): Pick<GoUrl, 'path' | 'encodedPath'> {
  const path = percentDecode(encoded, 'path');
  // An encoding that differs from Go's own is kept if every character of it may stand in a URL.
  const isValid = /^[A-Za-z0-9\-_.~/!$&'()*+,;=:@[\]%]*$/.test(encoded);
  return { path, encodedPath: isValid || path === '*' ? encoded : percentEncode(path, 'path') };
}
