/** A JSON value; `undefined` is an absent key. */
export type Json = string | number | boolean | null | undefined | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json;
}

/** Two values that should be equal. */
export interface Difference {
  /** Where, as a JSON pointer. */
  readonly at: string;
  readonly expected: Json;
  readonly got: Json;
}

/** Where two values differ, down to the innermost; an absent key equals an empty, false, null or zero one. */
export function compare(expected: Json, got: Json, at = ''): readonly Difference[] {
  if (isList(expected) && isList(got)) {
    return Array.from({ length: Math.max(expected.length, got.length) }).flatMap((_, index) =>
      compare(expected[index], got[index], `${at}/${index}`),
    );
  }
  if (isObject(expected) && isObject(got)) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(got)]);
    return [...keys].flatMap((key) => compare(expected[key], got[key], `${at}/${escapeKey(key)}`));
  }
  return isSame(expected, got) ? [] : [{ at, expected, got }];
}

/** `ARG a` and `ARG a=` differ where the recording tells them apart. */
function isSame(expected: Json, got: Json): boolean {
  if (expected === got) return true;
  return (
    isEmpty(expected) &&
    isEmpty(got) &&
    !(typeof expected === 'string' && got === null) &&
    !(expected === null && typeof got === 'string')
  );
}

function isEmpty(value: Json): boolean {
  return !value || (isList(value) && value.length === 0);
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !isList(value);
}

function escapeKey(key: string): string {
  return key.replaceAll('~', '~0').replaceAll('/', '~1');
}
