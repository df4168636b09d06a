/** Deeper JSON is no JSON to Go. */
const deepest = 10_000;

/** What an argument that begins with `[` turns out to be. */
export type ArrayForm = 'strings' | 'other values' | 'not JSON';

/**
 * Whether a text is a JSON array, in the eyes of Go's decoder: a number that no float64 holds makes it none.
 *
 * @see https://pkg.go.dev/encoding/json#Unmarshal
 */
export function arrayForm(text: string): ArrayForm {
  if (!text.startsWith('[')) return 'not JSON';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'not JSON';
  }
  const items = value as unknown[];
  if (items.every((item) => typeof item === 'string')) return 'strings';
  return isGoValue(items) ? 'other values' : 'not JSON';
}

function isGoValue(root: unknown): boolean {
  let level: unknown[] = [root];
  for (let depth = 0; level.length > 0; depth++) {
    if (level.includes(Infinity) || level.includes(-Infinity)) return false;
    const nested = level.filter((value) => typeof value === 'object' && value !== null);
    if (depth >= deepest && nested.length > 0) return false;
    level = nested.flatMap((value) => Object.values(value) as unknown[]);
  }
  return true;
}
