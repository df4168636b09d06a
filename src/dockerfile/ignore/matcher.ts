import { parentPath } from '../../spec/slash-path.ts';
import { createExceptionScope } from './exception-scope.ts';
import type { PlacedPattern } from './ignore-file.ts';
import { createRules, type IgnorePattern, type Rule } from './rule.ts';

/** What is known of a directory when its children are looked at; made by an {@link IgnoreMatcher}, only for it. */
export interface DirectoryMatch {
  /** One flag a pattern: whether it matched the directory or one above; empty if nothing is known. */
  readonly matched: readonly boolean[];
}

/** The answer for one path of a walk. */
export interface EnteredPath {
  readonly excluded: boolean;
  /** For the children of the path. */
  readonly match: DirectoryMatch;
}

/**
 * Says which paths a list of patterns excludes. Paths are relative to the root of the context, cleaned, with `/`.
 *
 * All methods that take a path but `mayPrune` throw KilnError `ignore/bad-pattern` when they come across a pattern that
 * only fails in use, such as `[z-a]`.
 */
export interface IgnoreMatcher {
  /** In order, as written but cleaned; empty ones are gone. */
  readonly patterns: readonly IgnorePattern[];
  /** Whether any pattern starts with `!`. */
  readonly hasExceptions: boolean;

  /**
   * Whether the path is excluded, looking at just one of the directories above for each pattern: the one as deep as
   * the pattern. The deprecated rule of Docker's classic builder; {@link matches} is the better question.
   */
  matchesPath(path: string): boolean;

  /** Whether the path is excluded, itself or because of any directory above. */
  matches(path: string): boolean;

  /** Where a walk starts. */
  root(): DirectoryMatch;

  /**
   * Whether a path is excluded, given its directory's match.
   *
   * The rule of a build context. It is not always that of {@link matches}: a pattern that was not asked about a
   * directory, because the directory's fate was settled, does not count for what is in there. With `a/b` and `!a`, the
   * walk excludes `a/b`, and `matches` does not.
   */
  enter(parent: DirectoryMatch, path: string): EnteredPath;

  /** Whether a walk can skip everything in an excluded directory, because no exception can reach into it. */
  mayPrune(path: string): boolean;
}

/**
 * A matcher for patterns in order; the last one that matches decides. Errors have the place of the pattern, if it has one.
 *
 * @throws KilnError `ignore/bad-pattern`
 * @see https://docs.docker.com/build/concepts/context/#dockerignore-files
 */
export function createIgnoreMatcher(patterns: readonly (string | PlacedPattern)[]): IgnoreMatcher {
  const rules = createRules(patterns);
  const scope = createExceptionScope(rules);
  return {
    patterns: rules.map(({ text, exception }) => ({ text, exception })),
    hasExceptions: rules.some((rule) => rule.exception),
    matchesPath: (path) => {
      const above = directoriesAbove(path);
      return decide(rules, ({ test, depth }) => {
        const directory = above[depth - 1];
        return test(path) || (directory !== undefined && test(directory));
      });
    },
    matches: (path) => {
      const above = directoriesAbove(path);
      return decide(rules, (rule) => rule.test(path) || above.some(rule.test));
    },
    root: () => ({ matched: [] }),
    enter: (parent, path) => enter(rules, parent.matched, path),
    mayPrune: (path) => !scope.reaches(path),
  };
}

/** The directories that hold a path, outermost first. */
function directoriesAbove(path: string): readonly string[] {
  const parent = parentPath(path);
  if (parent === '.') return [];
  const directories: string[] = [];
  for (let slash = parent.indexOf('/'); slash >= 0; slash = parent.indexOf('/', slash + 1)) {
    directories.push(parent.slice(0, slash));
  }
  directories.push(parent);
  return directories;
}

function decide(rules: readonly Rule[], applies: (rule: Rule) => boolean): boolean {
  let excluded = false;
  for (const rule of rules) {
    // Asking only where the answer changes something also decides which bad patterns are noticed.
    if (rule.exception === excluded && applies(rule)) excluded = !rule.exception;
  }
  return excluded;
}

function enter(rules: readonly Rule[], inherited: readonly boolean[], path: string): EnteredPath {
  const above = inherited.length === 0 ? directoriesAbove(path) : [];
  const matched = rules.map(() => false);
  let excluded = false;
  for (const [index, rule] of rules.entries()) {
    if (inherited[index] !== true) {
      if (rule.exception !== excluded) continue;
      if (!rule.test(path) && !above.some(rule.test)) continue;
    }
    matched[index] = true;
    excluded = !rule.exception;
  }
  return { excluded, match: { matched } };
}
