import type { DirectoryMatch, IgnoreMatcher } from '../dockerfile/ignore/matcher.ts';
import { parentPath } from '../spec/slash-path.ts';
import { childPath, toText } from './binary-path.ts';
import type { Child } from './child.ts';

interface DirectoryState {
  readonly isExcluded: boolean;
  readonly match: DirectoryMatch;
  /** Whether an excluded directory is there all the same, for something in it; undefined: not known yet. */
  isKept?: boolean;
}

/** Which paths of a tree an ignore file leaves. An excluded directory is there if an exception brings back what is in it. */
export class Visibility {
  readonly #matcher: IgnoreMatcher;
  readonly #list: (directory: string) => readonly Child[];
  readonly #directories = new Map<string, DirectoryState>();

  /** @param list all entries of a directory */
  constructor(matcher: IgnoreMatcher, list: (directory: string) => readonly Child[]) {
    this.#matcher = matcher;
    this.#list = list;
    this.#directories.set('/', { isExcluded: false, match: matcher.root() });
  }

  /** Those of the entries of a visible directory that are visible. */
  filter(directory: string, children: readonly Child[]): readonly Child[] {
    return children.filter(({ name, isDirectory }) => this.isVisible(childPath(directory, name), isDirectory));
  }

  /** Whether a path in a visible directory is visible. */
  isVisible(path: string, isDirectory: boolean): boolean {
    if (path === '/') return true;
    if (!isDirectory) {
      return !this.#matcher.enter(this.#state(parentPath(path)).match, relativeText(path)).excluded;
    }
    return this.#isThere(path, this.#state(path));
  }

  #isThere(path: string, state: DirectoryState): boolean {
    if (!state.isExcluded) return true;
    state.isKept ??= !this.#matcher.mayPrune(relativeText(path)) && this.filter(path, this.#list(path)).length > 0;
    return state.isKept;
  }

  #state(directory: string): DirectoryState {
    const known = this.#directories.get(directory);
    if (known) return known;
    const above = this.#state(parentPath(directory));
    const { excluded, match } = this.#matcher.enter(above.match, relativeText(directory));
    const state = { isExcluded: excluded, match };
    this.#directories.set(directory, state);
    return state;
  }
}

function relativeText(path: string): string {
  return toText(path.slice(1));
}
