import type { Json, JsonObject } from './compare.ts';

/** The value as a JSON file would hold it: bytes that are not UTF-8, which are lone surrogates here, become U+FFFD. */
export function normalize(value: unknown): Json {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(normalize);
  if (typeof value !== 'object' || value === null) return value as Json;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key.toWellFormed(), normalize(field)]));
}

/** A dump in which a byte that is not UTF-8 looks the same whether it was printed before or after it became U+FFFD. */
export function normalizeDump(dump: Json): Json {
  if (typeof dump !== 'string') return dump;
  return dump.replace(/\\\\|\\x[89a-f][0-9a-f]/g, (escape) => (escape === '\\\\' ? escape : '\ufffd'));
}

/**
 * Warnings in an order that does not depend on chance: several of one rule at one place come in the random order of Go's
 * maps.
 */
export function normalizeWarnings(warnings: Json): readonly JsonObject[] {
  const groups: JsonObject[][] = [];
  let last: string | undefined;
  for (const warning of (warnings ?? []) as readonly JsonObject[]) {
    const place = JSON.stringify([warning['rule'], warning['lines']]);
    if (place === last) groups.at(-1)?.push(warning);
    else groups.push([warning]);
    last = place;
  }
  return groups.flatMap((group) => group.sort((a, b) => compareTexts(a['message'] as string, b['message'] as string)));
}

/** An error text, with the names of lint rules, which come in a random order, sorted. */
export function normalizeError(error: Json): Json {
  const prefix = 'lint violation found for rules: ';
  if (typeof error !== 'string' || !error.startsWith(prefix)) return error;
  return prefix + error.slice(prefix.length).split(', ').sort().join(', ');
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
