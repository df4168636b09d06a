import { getSystemErrorMap } from 'node:util';
import { KilnError } from '../diagnostic/kiln-error.ts';

/** Go's words where they are not those of Node. */
const texts: Readonly<Record<string, string>> = {
  EACCES: 'permission denied',
  EEXIST: 'file exists',
  EISDIR: 'is a directory',
  EMFILE: 'too many open files',
  ENAMETOOLONG: 'file name too long',
  ENOSPC: 'no space left on device',
  EROFS: 'read-only file system',
};

const hints: Readonly<Record<string, string>> = {
  EACCES: 'make it readable, or exclude it in .dockerignore',
  ENOSPC: 'free some space on the disk of the store',
};

interface SystemErrorLike extends Error {
  readonly code: string;
  readonly errno: number;
  readonly syscall: string;
  readonly path?: string | Buffer;
}

/**
 * Runs something, and words what the kernel refuses as the reference does: `open /x: permission denied`.
 *
 * @param roots of trees, which are left out of the paths.
 * @throws KilnError `files/system` in place of an error of the kernel; everything else as it is.
 */
export async function describeSystemErrors<Result>(
  roots: readonly string[],
  run: () => Result | Promise<Result>,
): Promise<Result> {
  try {
    return await run();
  } catch (error) {
    throw describedSystemError(roots, error);
  }
}

/** An error of the kernel as {@link describeSystemErrors} words it; anything else as it is. */
export function describedSystemError(roots: readonly string[], error: unknown): unknown {
  if (!isSystemErrorLike(error)) return error;
  const { code, syscall, path } = error;
  const place = path === undefined ? '' : ` ${withoutRoot(String(path), roots)}`;
  return new KilnError('files/system', `${syscall}${place}: ${texts[code] ?? nodeText(error)}`, {
    cause: error,
    hint: hints[code],
  });
}

function isSystemErrorLike(error: unknown): error is SystemErrorLike {
  return error instanceof Error && !(error instanceof KilnError) && 'syscall' in error && 'code' in error;
}

function nodeText({ code, errno }: SystemErrorLike): string {
  return getSystemErrorMap().get(-Math.abs(errno))?.[1] ?? code;
}

function withoutRoot(path: string, roots: readonly string[]): string {
  const root = roots.find((candidate) => path === candidate || path.startsWith(`${candidate}/`));
  if (root === undefined) return path;
  return path.slice(root.length) || '/';
}
