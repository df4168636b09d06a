import { KilnError } from '../../diagnostic/kiln-error.ts';
import { quote } from '../../spec/quote.ts';

/** The error for a pattern whose brackets or escapes are wrong, in Go's words. */
export function badPattern(pattern: string): KilnError {
  return new KilnError('ignore/bad-pattern', 'syntax error in pattern', {
    hint: `check the brackets and backslashes of ${quote(pattern)}`,
  });
}
