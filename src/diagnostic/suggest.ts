/** Suggestions farther away than this many edits confuse more than they help; BuildKit draws the same line. */
const farthest = 2;

/**
 * The option that was probably meant: the nearest within two edits, the first of equals.
 *
 * None if the word is itself an option, since then the mistake lies elsewhere.
 */
export function suggest(word: string, options: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = farthest + 1;
  for (const option of options) {
    if (option === word) return undefined;
    const distance = editDistance(word, option, bestDistance);
    if (distance < bestDistance) {
      best = option;
      bestDistance = distance;
    }
  }
  return best;
}

/** {@link suggest}, blind to letter case; the answer takes the case of the word where that is uniform. */
export function suggestAnyCase(word: string, options: Iterable<string>): string | undefined {
  const lower = word.toLowerCase();
  const match = suggest(
    lower,
    Array.from(options, (option) => option.toLowerCase()),
  );
  if (match === undefined || word === lower) return match;
  return word === word.toUpperCase() ? match.toUpperCase() : match;
}

/** ` (did you mean X?)`, or nothing. */
export function didYouMean(suggestion: string | undefined): string {
  return suggestion === undefined ? '' : ` (did you mean ${suggestion}?)`;
}

/** Levenshtein distance in code points, or `limit` as soon as it cannot be less. */
function editDistance(from: string, to: string, limit: number): number {
  // A code point is one unit or two, so texts of very different lengths need not be taken apart.
  if (Math.max(from.length / 2 - to.length, to.length / 2 - from.length) >= limit) return limit;
  const a = Array.from(from);
  const b = Array.from(to);
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    let lowest = row;
    for (let column = 1; column <= b.length; column++) {
      const substitution = (previous[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1);
      const distance = Math.min((previous[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1, substitution);
      current.push(distance);
      lowest = Math.min(lowest, distance);
    }
    if (lowest >= limit) return limit;
    previous = current;
  }
  return Math.min(previous[b.length] ?? limit, limit);
}
