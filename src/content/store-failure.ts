import { isKilnError, KilnError } from '../diagnostic/kiln-error.ts';

/** What the file system answers becomes KilnError `content/write-failed`; anything else stays what it is. */
export function storeFailure(cause: unknown): unknown {
  if (!(cause instanceof Error) || isKilnError(cause) || !('syscall' in cause)) return cause;
  const isFull = 'code' in cause && (cause.code === 'ENOSPC' || cause.code === 'EDQUOT');
  return new KilnError('content/write-failed', `cannot write to the store: ${cause.message}`, {
    cause,
    hint: isFull ? 'make room on the disk, or use another store: KILN_ROOT names its directory' : undefined,
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
