import { cleanPath, isCleanPath, joinPath } from '../../spec/slash-path.ts';
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

/** A working directory. */
export interface Workdir {
  /** Absolute, in the notation of the operating system; empty if there is none. */
  readonly path: string;
  /** It is known to have nothing to clean, which need not be looked for again: chains of `WORKDIR a` grow long. */
  readonly isClean: boolean;
}

/**
 * The working directory after `WORKDIR path`. What is added to another one is clean, what is absolute stays as it was
 * written.
 *
 * Throws {@link ValueError} for Windows paths that are on no drive or another.
 */
export function joinWorkdir(current: Workdir, path: string, os: string): Workdir {
  if (os !== 'windows' && current.isClean && isCleanPath(path))
    return { path: `${current.path}/${path}`, isClean: true };
  const parent = toSlash(current.path === '' ? '/' : current.path, os);
  const next = withoutDrive(path === '' ? parent : path, os);
  const isAbsolute = next.startsWith('/');
  const joined = isAbsolute ? cleanIf(os, next) : joinPath(parent.startsWith('/') ? parent : `/${parent}`, next);
  const isClean = joined !== '/' && (!isAbsolute || isCleanPath(joined.slice(1)));
  return { path: os === 'windows' ? joined.replaceAll('/', '\\') : joined, isClean };
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
