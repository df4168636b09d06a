/** How a pattern is matched: by comparing text where that is enough, else by an expression in Go's syntax. */
export type PatternPlan =
  | { readonly kind: 'exact' }
  /** `text**` */
  | { readonly kind: 'prefix' }
  /** `**text` */
  | { readonly kind: 'suffix' }
  | { readonly kind: 'expression'; readonly text: string };

/**
 * What has a meaning in an expression, but none in a pattern. `^`, `{`, `|` and `}` keep theirs: the reference lets them
 * through, so that `[0-9]{2}` and `a*|b*` are more than patterns are said to be.
 */
const special = new Set('.+()$');

const rewritten: Readonly<Record<string, string>> = { '*': '[^/]*', '?': '[^/]', '[': '[', ']': ']' };

/**
 * Chooses how to match a pattern and writes its expression, piece by piece and without a look at brackets, so that a
 * wildcard between brackets is rewritten too: the class in `[a*]` becomes `[a[^/]`. That is what the reference does.
 *
 * @see https://github.com/moby/patternmatcher/blob/main/patternmatcher.go
 */
export function planPattern(pattern: string): PatternPlan {
  // Go's scanner skips a byte order mark and reads bytes that are not UTF-8 as U+FFFD.
  const characters = Array.from(pattern.toWellFormed().replace(/^\ufeff/, ''));
  let kind: PatternPlan['kind'] = 'exact';
  let text = '^';
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    if (character === '*' && characters[at + 1] === '*') {
      const first = at === 0;
      at += characters[at + 2] === '/' ? 2 : 1;
      const last = at + 1 === characters.length;
      text += last ? '.*' : '(.*/)?';
      if (first) kind = 'suffix';
      else kind = last && kind === 'exact' ? 'prefix' : 'expression';
    } else if (character === '\\') {
      text += `\\${characters[++at] ?? ''}`;
      if (at < characters.length) kind = 'expression';
    } else if (Object.hasOwn(rewritten, character)) {
      text += rewritten[character] ?? '';
      kind = 'expression';
    } else text += special.has(character) ? `\\${character}` : character;
  }
  return kind === 'expression' ? { kind, text: `${text}$` } : { kind };
}
