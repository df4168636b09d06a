import { matchPattern } from './match.ts';
import type { Preference } from './match.ts';
import type { Pattern } from './pattern.ts';

/** A value without what a pattern matches at its start. */
export function trimPrefix(value: string, pattern: Pattern, preference: Preference): string {
  return value.slice(matchPattern(pattern, value.toWellFormed(), { start: 0, preference }) ?? 0);
}

/** A value without what a pattern, given as its reverse, matches at its end; with U+FFFD for what is not Unicode. */
export function trimSuffix(value: string, reversedPattern: Pattern, preference: Preference): string {
  return reverse(trimPrefix(reverse(value), reversedPattern, preference));
}

function reverse(text: string): string {
  return Array.from(text.toWellFormed()).reverse().join('');
}
