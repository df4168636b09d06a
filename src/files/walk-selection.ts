import type { DirectoryMatch, IgnoreMatcher } from '../dockerfile/ignore/matcher.ts';
import { childPath, toText } from './binary-path.ts';
import type { Child } from './child.ts';
import { EntriesAhead } from './entries-ahead.ts';
import type { Entry } from './entry.ts';
import { changedError } from './file-error.ts';
import { createReach, type Reach } from './include-reach.ts';
import type { TreeReader } from './tree-reader.ts';
import type { WalkEvent } from './walk-event.ts';

/** What of a root is selected; patterns are relative to it and say nothing about the root itself. */
export interface EntryFilter {
  /** If present, only what matches, with the directories on the way. */
  readonly include?: IgnoreMatcher | undefined;
  readonly exclude?: IgnoreMatcher | undefined;
  /** Entries come with the names of their extended attributes, where those can be had quickly. */
  readonly withXattrs?: boolean;
}

interface Visit {
  readonly entry: Entry;
  readonly include: DirectoryMatch | undefined;
  readonly exclude: DirectoryMatch | undefined;
  readonly children: readonly Child[];
  readonly ahead: EntriesAhead;
  /** Number of the child that is next. */
  next: number;
  /** `implied`: not selected, but on the way to something that is. */
  opened: 'no' | 'implied' | 'selected';
}

/**
 * What is selected at and below a root, depth first, in the order of the bytes of names. Links are not followed.
 *
 * A directory that is not selected itself is opened late: right before the first thing in it that is.
 *
 * @throws KilnError `files/changed` if something goes away meanwhile.
 */
export function* walkSelection(reader: TreeReader, root: Entry, filter: EntryFilter): Generator<WalkEvent> {
  if (!root.stat.isDirectory()) {
    yield { kind: 'entry', entry: root };
    return;
  }
  const reach = filter.include && createReach(filter.include);
  const walk = { reader, withXattrs: filter.withXattrs === true };
  const visits: Visit[] = [enter(walk, root, filter.include?.root(), filter.exclude?.root())];
  yield* open(visits, 'selected');
  for (let visit = visits.at(-1); visit; visit = visits.at(-1)) {
    const index = visit.next++;
    const child = visit.children[index];
    if (!child) {
      visits.pop();
      if (visit.opened !== 'no') yield { kind: 'close', entry: visit.entry, isImplied: visit.opened === 'implied' };
      continue;
    }
    const { name, isDirectory } = child;
    const relative = childPath(visit.entry.relative, name);
    const choice = choose(filter, visit, relative);
    if (!choice.isSelected && (!isDirectory || cannotHold(filter, reach, choice))) continue;
    const entry = readEntry(visit, index, relative);
    if (entry.stat.isDirectory()) {
      visits.push(enter(walk, entry, choice.include?.match, choice.exclude?.match));
      if (choice.isSelected) yield* open(visits, 'selected');
    } else if (choice.isSelected) {
      if (visit.opened === 'no') yield* open(visits, 'implied');
      yield { kind: 'entry', entry };
    }
  }
}

interface Choice {
  readonly text: string;
  readonly isSelected: boolean;
  readonly include: { readonly excluded: boolean; readonly match: DirectoryMatch } | undefined;
  readonly exclude: { readonly excluded: boolean; readonly match: DirectoryMatch } | undefined;
}

const everything: Choice = { text: '', isSelected: true, include: undefined, exclude: undefined };

function choose(filter: EntryFilter, visit: Visit, relative: string): Choice {
  if (!filter.include && !filter.exclude) return everything;
  const text = toText(relative);
  const include = visit.include && filter.include?.enter(visit.include, text);
  const exclude = visit.exclude && filter.exclude?.enter(visit.exclude, text);
  return { text, include, exclude, isSelected: include?.excluded !== false && exclude?.excluded !== true };
}

/** Whether nothing in a directory that is not selected can be. */
function cannotHold(filter: EntryFilter, reach: Reach | undefined, { text, include, exclude }: Choice): boolean {
  if (exclude?.excluded && filter.exclude?.mayPrune(text)) return true;
  return include?.excluded === false && reach?.reaches(text) === false;
}

interface Walk {
  readonly reader: TreeReader;
  readonly withXattrs: boolean;
}

function enter(
  { reader, withXattrs }: Walk,
  entry: Entry,
  include: DirectoryMatch | undefined,
  exclude: DirectoryMatch | undefined,
): Visit {
  const children = reader.children(entry.path);
  const ahead = new EntriesAhead(reader, { directory: entry.path, children, withXattrs });
  return { entry, include, exclude, children, ahead, next: 0, opened: 'no' };
}

/** Opens the directories on the way down that are not open yet: where one is, those above are. The last one counts as told. */
function* open(visits: readonly Visit[], last: 'implied' | 'selected'): Generator<WalkEvent> {
  for (const [index, visit] of visits.entries()) {
    if (visit.opened !== 'no') continue;
    visit.opened = index === visits.length - 1 ? last : 'implied';
    const { entry, children } = visit;
    yield { kind: 'open', entry, children, isImplied: visit.opened === 'implied' };
  }
}

function readEntry({ entry: { path: directory }, children, ahead }: Visit, index: number, relative: string): Entry {
  const path = childPath(directory, children[index]?.name ?? '');
  const { stat, xattrNames } = ahead.at(index) ?? {};
  if (!stat) throw changedError(path, 'was removed');
  return { path, relative, stat, xattrNames };
}
