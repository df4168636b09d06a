import { rmSync } from 'node:fs';
import { isKilnError, KilnError } from '../diagnostic/kiln-error.ts';
import { systemCode, systemReason } from '../system/system-error.ts';

const readOnly = 'the store must be writable; name another place with --root or KILN_ROOT';
const full = 'make room on the disk, or name another place with --root or KILN_ROOT';
const broken = 'look at the disk of the store: it does not work; when it does again, kiln store check --deep --repair';
const misplaced = 'the store is a directory; name another place with --root or KILN_ROOT';

const hints: Readonly<Record<string, string>> = {
  ...{ ENOSPC: full, EDQUOT: full },
  ...{ EROFS: readOnly, EACCES: readOnly, EPERM: readOnly },
  ...{ EIO: broken, EUCLEAN: broken, EBADMSG: broken },
  ...{ ENOTDIR: misplaced, EEXIST: misplaced, ENOENT: misplaced },
};

const reading: ReadonlySet<unknown> = new Set(['read', 'stat', 'lstat', 'fstat', 'statfs', 'scandir', 'readlink']);

/**
 * What the file system answers becomes KilnError `content/read-failed` or `content/write-failed`; anything else stays what it is.
 *
 * @param path of what it was about, if the error does not say it
 */
export function storeFailure(cause: unknown, path?: string): unknown {
  if (!(cause instanceof Error) || isKilnError(cause) || !('syscall' in cause)) return cause;
  const at = 'path' in cause && typeof cause.path === 'string' ? cause.path : path;
  const [code, what] = reading.has(cause.syscall) ? ['read', 'read'] : ['write', 'write to'];
  const message = `cannot ${what} the store${at === undefined ? '' : ` at ${at}`}: ${systemReason(cause)}`;
  return new KilnError(`content/${code}-failed`, message, { cause, hint: hints[systemCode(cause)] });
}

/** Runs `work`; throws as {@link storeFailure} says for what the file system answers. */
export function orStoreFailure<Result>(work: () => Result, path?: string): Result {
  try {
    return work();
  } catch (cause) {
    throw storeFailure(cause, path);
  }
}

/** Removes something at the end of all. What cannot be removed is no reason to fail: who comes later does it. */
export function removeIfPossible(path: string): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if (!(error instanceof Error) || !('syscall' in error)) throw error;
  }
}
