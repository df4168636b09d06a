import { KilnError, isKilnError } from '../diagnostic/kiln-error.ts';
import { ValueError } from '../spec/value-error.ts';

/** An image of somebody else that is not what it should be. */
export function brokenImage(source: string, problem: string, cause?: unknown): KilnError {
  return new KilnError('content/broken-image', `${source}: ${problem}`, {
    hint: 'nothing was loaded',
    cause,
  });
}

/** Gives what a parser or a decompressor throws the name of the source. */
export function explainBroken(source: string, cause: unknown): unknown {
  if (!(cause instanceof Error) || isKilnError(cause)) return cause;
  const isBroken = cause instanceof ValueError || ('code' in cause && /^(?:Z_|ZSTD_)/.test(String(cause.code)));
  return isBroken ? brokenImage(source, cause.message, cause) : cause;
}

/** Parses a document; throws KilnError `content/broken-image` where the parser throws a `ValueError`. */
export function parseDocument<Result>(source: string, what: string, parse: () => Result): Result {
  try {
    return parse();
  } catch (cause) {
    if (cause instanceof ValueError) throw brokenImage(source, `invalid ${what}: ${cause.message}`, cause);
    throw cause;
  }
}
