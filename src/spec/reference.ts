import { checkDigest } from './digest-syntax.ts';
import { matchReference } from './reference-syntax.ts';
import { ValueError } from './value-error.ts';

/**
 * The name of an image in a registry.
 *
 * @see https://pkg.go.dev/github.com/distribution/reference
 */
export interface Reference {
  /** Host and port of the registry, `docker.io` for Docker Hub; empty for a few odd names that no registry serves. */
  readonly domain: string;
  /** Repository in the registry, such as `library/alpine`. */
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

const defaultDomain = 'docker.io';
const legacyDomain = 'index.docker.io';
const officialPrefix = 'library/';
const longestPath = 255;

/**
 * The reference a user means: `alpine` is `docker.io/library/alpine`. No tag is added. Throws a {@link ValueError}.
 *
 * @see https://pkg.go.dev/github.com/distribution/reference#ParseNormalizedNamed
 */
export function parseReference(text: string): Reference {
  if (/^[a-f0-9]{64}$/.test(text)) {
    throw new ValueError(`invalid repository name (${text}), cannot specify 64-byte hexadecimal strings`);
  }
  const { domain, remainder } = splitDomain(text);
  const colon = remainder.indexOf(':');
  const remote = colon < 0 ? remainder : remainder.slice(0, colon);
  if (remote !== remote.toLowerCase()) {
    throw new ValueError(`invalid reference format: repository name (${remote}) must be lowercase`);
  }
  return parseCanonical(`${domain}/${remainder}`);
}

function parseCanonical(text: string): Reference {
  const match = matchReference(text);
  if (!match) {
    const isOnlyUppercase = matchReference(text.toLowerCase()) !== undefined;
    throw new ValueError(isOnlyUppercase ? 'repository name must be lowercase' : 'invalid reference format');
  }
  if (match.path.length > longestPath) {
    throw new ValueError(`repository name must not be more than ${longestPath} characters`);
  }
  if (match.digest !== undefined) checkDigest(match.digest);
  return match;
}

/** What stands before the first slash is a registry only if it looks like no name of a repository would. */
function splitDomain(text: string): { domain: string; remainder: string } {
  const slash = text.indexOf('/');
  const first = text.slice(0, Math.max(slash, 0));
  const isDomain = slash >= 0 && (first === 'localhost' || /[.:]/.test(first) || first !== first.toLowerCase());
  const domain = isDomain && first !== legacyDomain ? first : defaultDomain;
  const rest = isDomain ? text.slice(slash + 1) : text;
  const isOfficial = domain === defaultDomain && !rest.includes('/');
  return { domain, remainder: isOfficial ? officialPrefix + rest : rest };
}

/** The full name, which {@link parseReference} understands as the same. */
export function formatReference({ domain, path, tag, digest }: Reference): string {
  const name = domain === '' ? path : `${domain}/${path}`;
  return name + (tag === undefined ? '' : `:${tag}`) + (digest === undefined ? '' : `@${digest}`);
}

/** The reference with the tag `latest`, unless it has a tag or a digest. */
export function tagNameOnly(reference: Reference): Reference {
  const isNameOnly = reference.tag === undefined && reference.digest === undefined;
  return isNameOnly ? { ...reference, tag: 'latest' } : reference;
}

/** The name without tag and digest, as short as {@link parseReference} still understands it. */
export function familiarName({ domain, path }: Reference): string {
  if (domain !== defaultDomain) return formatReference({ domain, path });
  const rest = path.startsWith(officialPrefix) ? path.slice(officialPrefix.length) : path;
  return rest.includes('/') ? path : rest;
}
