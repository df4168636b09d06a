import { KilnError } from '../../diagnostic/kiln-error.ts';
import { ValueError } from '../../spec/value-error.ts';

/** A flag has a value that it cannot have. */
export function flagError(message: string, hint?: string): KilnError<'cli/flag'> {
  return new KilnError('cli/flag', message, { hint });
}

/** Runs a parser; what it refuses is an error of a flag, in the words that `message` makes of it. */
export function parseFlag<Value>(parse: () => Value, message: (reason: string) => string, hint?: string): Value {
  try {
    return parse();
  } catch (error) {
    if (error instanceof ValueError) throw flagError(message(error.message), hint);
    throw error;
  }
}
