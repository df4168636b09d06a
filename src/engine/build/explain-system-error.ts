import { isKilnError, KilnError } from '../../diagnostic/kiln-error.ts';
import { systemCode } from '../../system/system-error.ts';

const failing = 'look at the disk, which fails; then kiln store check --repair';

/** What the machine refuses, and what helps. */
const hints: Readonly<Record<string, string>> = {
  ENOSPC: 'make room on the disk of the store, or name another place with --root',
  EDQUOT: 'make room on the disk of the store, or name another place with --root',
  EROFS: 'the store must be writable; name another place with --root',
  EACCES: 'the store must be writable; name another place with --root',
  EPERM: 'the store must be writable; name another place with --root',
  EIO: failing,
  EUCLEAN: failing,
  EBADMSG: failing,
  EMFILE: 'allow more open files: ulimit -n',
  ENFILE: 'the machine has too many open files',
  EPIPE: 'whoever reads the output has gone',
};

/**
 * Runs something that writes to the store and to outputs; what the system refuses is for the user to read, not a mistake of
 * Kiln's.
 *
 * Throws KilnError `engine/system` in the place of system errors.
 */
export async function withSystemErrors<Value>(work: () => Promise<Value>): Promise<Value> {
  try {
    return await work();
  } catch (thrown) {
    const error = firstError(thrown);
    const hint = error instanceof Error ? hints[systemCode(error)] : undefined;
    if (isKilnError(error) || hint === undefined || !(error instanceof Error)) throw error;
    throw new KilnError('engine/system', error.message, { hint, cause: error });
  }
}

/** What came first, if something else could not be ended after it either. */
function firstError(error: unknown): unknown {
  return error instanceof SuppressedError ? firstError(error.suppressed) : error;
}
