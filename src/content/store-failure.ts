import { isKilnError, KilnError } from '../diagnostic/kiln-error.ts';
import { systemReason } from '../system/system-error.ts';

const readOnly = 'the store must be writable; name another place with --root or KILN_ROOT';
const full = 'make room on the disk, or name another place with --root or KILN_ROOT';
const misplaced = 'the store is a directory; name another place with --root or KILN_ROOT';

const hints: Readonly<Record<string, string>> = {
  ...{ ENOSPC: full, EDQUOT: full },
  ...{ EROFS: readOnly, EACCES: readOnly, EPERM: readOnly },
  ...{ ENOTDIR: misplaced, EEXIST: misplaced, ENOENT: misplaced },
};

/** What the file system answers becomes KilnError `content/write-failed`; anything else stays what it is. */
export function storeFailure(cause: unknown): unknown {
  if (!(cause instanceof Error) || isKilnError(cause) || !('syscall' in cause)) return cause;
  const place = 'path' in cause && typeof cause.path === 'string' ? ` at ${cause.path}` : '';
  return new KilnError('content/write-failed', `cannot write to the store${place}: ${systemReason(cause)}`, {
    cause,
    hint: 'code' in cause ? hints[String(cause.code)] : undefined,
  });
}

/** Runs `work`; throws KilnError `content/write-failed` for what the file system answers. */
export function orStoreFailure<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw storeFailure(cause);
  }
}
