import { cleanPath, joinPath } from '../../spec/slash-path.ts';
import { ValueError } from '../../spec/value-error.ts';

/** Whether a path is absolute in an image for an operating system; to Windows, with or without the system's drive. */
export function isAbsolutePath(path: string, os: string): boolean {
  try {
    return withoutDrive(path, os).startsWith('/');
  } catch (error) {
    if (error instanceof ValueError) return false;
    throw error;
  }
}

/**
 * The working directory after `WORKDIR path`, clean and absolute, in the notation of the operating system.
 *
 * Throws {@link ValueError} for Windows paths that are on no drive or another.
 */
export function joinWorkdir(current: string, path: string, os: string): string {
  const parent = toSlash(current === '' ? '/' : current, os);
  const next = withoutDrive(path === '' ? parent : path, os);
  const joined = next.startsWith('/')
    ? cleanIf(os, next)
    : joinPath(parent.startsWith('/') ? parent : `/${parent}`, next);
  return os === 'windows' ? joined.replaceAll('/', '\\') : joined;
}

/** An absolute path stays as it was written, save on Windows. */
function cleanIf(os: string, path: string): string {
  return os === 'windows' ? cleanPath(path) : path;
}

function withoutDrive(path: string, os: string): string {
  if (os !== 'windows') return path;
  const slashed = toSlash(path, os);
  if (slashed.startsWith('//')) throw new ValueError('UNC paths are not supported');
  const colon = slashed.indexOf(':');
  if (colon < 0) return cleanPath(slashed);
  if (slashed.length === 2) throw new ValueError(`No relative path specified in "${path}"`);
  if (slashed.slice(0, colon).toLowerCase() !== 'c') {
    throw new ValueError('The specified path is not on the system drive (C:)');
  }
  return cleanPath(slashed.slice(colon + 1));
}

function toSlash(path: string, os: string): string {
  return os === 'windows' ? path.replaceAll('\\', '/') : path;
}
