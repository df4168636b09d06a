import { NumberError } from './integer.ts';

const values: ReadonlyMap<string, boolean> = new Map([
  ...['1', 't', 'T', 'true', 'TRUE', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'false', 'FALSE', 'False'].map((text) => [text, false] as const),
]);

/**
 * A boolean, in one of six spellings each. Throws a {@link NumberError}, as Go does.
 *
 * @see https://pkg.go.dev/strconv#ParseBool
 */
export function parseBoolean(text: string): boolean {
  const value = values.get(text);
  if (value === undefined) throw new NumberError('ParseBool', text, 'invalid syntax');
  return value;
}
