import { KilnError } from '../diagnostic/kiln-error.ts';
import { quote } from '../spec/quote.ts';
import { toText } from './binary-path.ts';

/** The error for a file of the user's that is not what it was when it was looked at first. */
export function changedError(path: string, what = 'changed'): KilnError {
  return new KilnError('files/changed', `${quote(toText(path))} ${what} while it was being read`, {
    hint: 'build again when nothing writes to the context, or exclude the file in .dockerignore',
  });
}

/** The error for a source that is not there, in the words of the reference. */
export function notFoundError(path: string, hint: string): KilnError {
  return checksumError('files/not-found', `${quote(toText(path))}: not found`, hint);
}

/** What the reference says when it cannot find out what a source is. */
export function checksumError(code: string, reason: string, hint: string): KilnError {
  return new KilnError(code, `failed to compute cache key: failed to calculate checksum of ref: ${reason}`, { hint });
}
