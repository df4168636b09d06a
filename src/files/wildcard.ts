import type { CodePointTest } from '../dockerfile/glob/automaton.ts';
import { createAutomaton, matchesWhole, type GlobNode } from '../dockerfile/glob/automaton.ts';

const slash = 0x2f;
const notSlash: CodePointTest = (codePoint) => codePoint !== slash;

/** Whether a path has a `*`, `?` or `[` that no backslash takes the meaning of. */
export function hasWildcards(path: string): boolean {
  return /^(?:[^\\*?[]|\\[^])*[*?[]/.test(path);
}

/** A compiled pattern; `undefined` instead of one that is malformed. */
export interface Wildcard {
  matches(path: string): boolean;
}

/**
 * A pattern for slash-separated paths: `*` and `?` match no slash, a set does if it says so.
 *
 * @param pattern text, not binary: `?` and sets are about characters.
 * @returns undefined if the pattern is malformed.
 * @see https://pkg.go.dev/path#Match
 */
export function createWildcard(pattern: string): Wildcard | undefined {
  const nodes: GlobNode[] = [];
  const characters = Array.from(pattern);
  for (let at = 0; at < characters.length; at++) {
    const character = characters[at] ?? '';
    if (character === '*') nodes.push({ kind: 'atom', test: notSlash, repeat: true });
    else if (character === '?') nodes.push({ kind: 'atom', test: notSlash, repeat: false });
    else if (character === '[') {
      const set = readSet(characters, at + 1);
      if (!set) return undefined;
      nodes.push({ kind: 'atom', test: set.test, repeat: false });
      at = set.end;
    } else {
      const literal = character === '\\' ? characters[++at] : character;
      if (literal === undefined) return undefined;
      const code = literal.codePointAt(0);
      nodes.push({ kind: 'atom', test: (codePoint) => codePoint === code, repeat: false });
    }
  }
  const automaton = createAutomaton(nodes);
  return { matches: (path) => matchesWhole(automaton, path) };
}

/** The set behind a `[`, with the index of its `]`. */
function readSet(
  characters: readonly string[],
  start: number,
): { readonly test: CodePointTest; readonly end: number } | undefined {
  let at = start;
  const isNegated = characters[at] === '^';
  if (isNegated) at++;
  const ranges: (readonly [number, number])[] = [];
  const member = (): number | undefined => {
    const character = characters[at];
    if (character === undefined || character === '-' || character === ']') return undefined;
    const taken = character === '\\' ? characters[++at] : character;
    at++;
    // What follows must at least be the end of the set.
    return at < characters.length ? taken?.codePointAt(0) : undefined;
  };
  while (characters[at] !== ']' || ranges.length === 0) {
    const first = member();
    if (first === undefined) return undefined;
    let last: number | undefined = first;
    if (characters[at] === '-') {
      at++;
      last = member();
    }
    if (last === undefined) return undefined;
    ranges.push([first, last]);
  }
  return {
    test: (codePoint) => ranges.some(([first, last]) => first <= codePoint && codePoint <= last) !== isNegated,
    end: at,
  };
}
