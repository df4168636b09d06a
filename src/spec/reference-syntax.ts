/** The parts of a reference, as written. `domain` is empty if the first component cannot be one. */
export interface ReferenceParts {
  readonly domain: string;
  readonly path: string;
  readonly tag?: string;
  readonly digest?: string;
}

const digestPattern = /^[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}$/;
const tagPattern = /^\w[\w.-]{0,127}$/;
const separatorPattern = /^(?:[._]|__|-+)$/;

/**
 * The parts of a text `[domain/]path[:tag][@digest]`; undefined if it is none.
 *
 * @see https://github.com/distribution/reference/blob/main/reference.go
 */
export function matchReference(text: string): ReferenceParts | undefined {
  const [named = '', digest, ...excess] = text.split('@');
  if (excess.length > 0 || (digest !== undefined && !digestPattern.test(digest))) return undefined;
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const tag = colon < 0 ? undefined : named.slice(colon + 1);
  if (tag !== undefined && !tagPattern.test(tag)) return undefined;
  const name = matchName(colon < 0 ? named : named.slice(0, colon));
  return name && { ...name, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

function matchName(text: string): ReferenceParts | undefined {
  const [first = '', ...rest] = text.split('/');
  if (rest.length > 0 && isDomain(first) && rest.every(isPathComponent)) return { domain: first, path: rest.join('/') };
  return isPathComponent(first) && rest.every(isPathComponent) ? { domain: '', path: text } : undefined;
}

function isDomain(text: string): boolean {
  const host = text.replace(/:[0-9]+$/, '');
  return /^\[[a-fA-F0-9:]+\]$/.test(host) || host.split('.').every(isHostLabel);
}

function isHostLabel(label: string): boolean {
  return /^[a-zA-Z0-9-]+$/.test(label) && !label.startsWith('-') && !label.endsWith('-');
}

/** Lower-case words with a separator between each two. */
function isPathComponent(component: string): boolean {
  if (!/^[a-z0-9].*[a-z0-9]$|^[a-z0-9]$/.test(component)) return false;
  return component.split(/[a-z0-9]+/).every((between) => between === '' || separatorPattern.test(between));
}
