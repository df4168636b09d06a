import { isKilnError } from '../../diagnostic/kiln-error.ts';
import { storeFailure } from '../../content/store-failure.ts';

/** Does something with a store as a whole. What its disk refuses becomes KilnError `content/read-failed`, `content/write-failed`. */
export async function withDiskFailures<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (thrown) {
    const error = firstError(thrown);
    throw isKilnError(error) ? error : storeFailure(error);
  }
}

/** What came first, if the store could not be closed after it either. */
function firstError(error: unknown): unknown {
  return error instanceof SuppressedError ? firstError(error.suppressed) : error;
}
