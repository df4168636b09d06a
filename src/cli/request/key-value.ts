import { csvFields } from '../../dockerfile/values/csv.ts';
import { quote } from '../../spec/quote.ts';
import { flagError, parseFlag } from './flag-error.ts';

/** A text up to the first `=` and after it; the second is undefined if there is none. */
export function splitPair(text: string): readonly [key: string, value: string | undefined] {
  const equals = text.indexOf('=');
  return equals < 0 ? [text, undefined] : [text.slice(0, equals), text.slice(equals + 1)];
}

/** Fields of comma-separated values. Throws KilnError `cli/flag`. */
export function fieldsOf(text: string, message: (reason: string) => string = (reason) => reason): readonly string[] {
  return parseFlag(() => csvFields(text), message).map(({ value }) => value);
}

/**
 * `NAME=value` of `--build-arg` and `--label`, the last of a name. `otherwise` is the value of a name that has none.
 *
 * Throws KilnError `cli/flag`.
 */
export function readPairs(
  texts: readonly string[],
  otherwise: (name: string) => string | undefined,
): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const text of texts) {
    const [key, written] = splitPair(text);
    if (key === '') throw flagError(`invalid key-value pair ${quote(text)}: empty key`, 'the form is NAME=value');
    const value = written ?? otherwise(key);
    if (value !== undefined) pairs.set(key, value);
  }
  return pairs;
}
