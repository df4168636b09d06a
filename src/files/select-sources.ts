import { KilnError } from '../diagnostic/kiln-error.ts';
import { createIgnoreMatcher } from '../dockerfile/ignore/matcher.ts';
import type { CopyAction } from '../graph/file-op.ts';
import { cleanPath, joinPath } from '../spec/slash-path.ts';
import { toBinary, toText } from './binary-path.ts';
import type { Entry } from './entry.ts';
import { missingSource } from './missing-source.ts';
import { resolvePath } from './scoped-path.ts';
import type { TreeReader } from './tree-reader.ts';
import type { EntryFilter } from './walk-selection.ts';
import { findMatches } from './wildcard-matches.ts';
import { hasWildcards } from './wildcard.ts';

/** The part of a copy that says what is copied. */
export type SourceSelector = Pick<CopyAction, 'source' | 'parents' | 'excludes' | 'wildcards'>;

/** A file or directory that a source means. */
export interface SelectedRoot {
  /** As it is called, before links were followed: binary, absolute. */
  readonly name: string;
  /** What a wildcard matched, relative to the part before it; empty without wildcards. */
  readonly match: string;
  /** What it is, links followed. */
  readonly entry: Entry;
}

/** What a source means. */
export interface Selection {
  /** In order; none if a wildcard matches nothing. */
  readonly roots: readonly SelectedRoot[];
  readonly filter: EntryFilter;
  /** Something must be selected whose path begins so; binary. */
  readonly required: string | undefined;
}

/**
 * Finds out what a source means in a tree.
 *
 * @throws KilnError `files/not-found` for a source without wildcards that is not there, `files/bad-pattern`,
 *   `ignore/bad-pattern`
 */
export function selectSources(reader: TreeReader, selector: SourceSelector): Selection {
  const { begin, include } = selector.parents ? splitPivot(selector.source) : { begin: selector.source, include: '' };
  const isWild = (path: string) => selector.wildcards && hasWildcards(path);
  const required =
    selector.parents && !isWild(begin) && !isWild(include) ? toBinary(joinPath('/', begin, include)) : undefined;
  const name = cleanPath(toBinary(begin));
  return {
    roots: isWild(begin) ? expand(reader, name) : [selectRoot(reader, { name, match: '', missing: required ?? name })],
    filter: {
      include: selector.parents ? createIgnoreMatcher([include]) : undefined,
      exclude: selector.excludes.length > 0 ? createIgnoreMatcher(selector.excludes) : undefined,
    },
    required,
  };
}

/** Where `--parents` begins, and the pattern for what is there; `a/./b` begins at `a`. */
function splitPivot(source: string): { readonly begin: string; readonly include: string } {
  const pivot = source.indexOf('/./');
  const begin = pivot < 0 ? '/' : joinPath('/', source.slice(0, pivot));
  const pattern = pivot < 0 ? source : source.slice(pivot + '/./'.length);
  return { begin, include: joinPath('/', pattern).slice(1) };
}

function expand(reader: TreeReader, source: string): readonly SelectedRoot[] {
  const names = source.split('/');
  const firstWild = names.findIndex(hasWildcards);
  const before = names.slice(0, firstWild).join('/') || '/';
  const directory = resolveSource(reader, before);
  if (!directory || !reader.stat(directory)) {
    throw new KilnError('files/not-found', `lstat ${toText(before)}: no such file or directory`, {
      hint: 'a wildcard may match nothing, but the directory before it must be there',
    });
  }
  return findMatches(reader, directory, names.slice(firstWild).join('/')).map((match) => {
    const name = joinPath(directory, match);
    return selectRoot(reader, { name, match, missing: name });
  });
}

interface Wanted {
  readonly name: string;
  readonly match: string;
  /** What the error says is missing. */
  readonly missing: string;
}

function selectRoot(reader: TreeReader, { name, match, missing }: Wanted): SelectedRoot {
  const path = resolveSource(reader, name);
  const stat = path === undefined ? undefined : reader.stat(path);
  if (path === undefined || !stat) throw missingSource(reader, missing);
  return { name, match, entry: { path, relative: '', stat } };
}

/** A path with links followed; undefined where a file is in the place of a directory. */
function resolveSource(reader: TreeReader, path: string): string | undefined {
  try {
    return resolvePath(reader, path, { followLast: true });
  } catch (error) {
    if (error instanceof KilnError && error.code === 'files/not-a-directory') return undefined;
    throw error;
  }
}
