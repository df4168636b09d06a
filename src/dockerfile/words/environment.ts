/** The variables that a word may use. */
export interface Environment {
  /** The value of a variable, or undefined if it is not set; a set variable may be empty. */
  get(name: string): string | undefined;
  /** The names of all variables that are set. */
  keys(): Iterable<string>;
}

export const emptyEnvironment: Environment = new Map<string, string>();

/**
 * The variables of a list of `NAME=value`, the form that image configurations hold.
 *
 * Of equal names the last one wins, in the place of the first. An entry without `=` is set to nothing.
 */
export function environmentFromList(list: readonly string[]): Environment {
  return new Map(list.map(nameAndValue));
}

function nameAndValue(entry: string): readonly [name: string, value: string] {
  const equals = entry.indexOf('=');
  return equals < 0 ? [entry, ''] : [entry.slice(0, equals), entry.slice(equals + 1)];
}
