import type { DirectoryMatch, IgnoreMatcher } from './matcher.ts';

/** An entry of a directory. A link is not a directory, whatever it points to. */
export interface TreeEntry {
  readonly name: string;
  readonly directory: boolean;
}

/** A tree of files, read on demand. */
export interface Tree<Entry extends TreeEntry = TreeEntry> {
  /** The entries of a directory in any order; the root is ''. */
  children(path: string): Iterable<Entry>;
}

/** A path that survived, relative to the root. */
export interface KeptPath<Entry extends TreeEntry = TreeEntry> {
  readonly path: string;
  readonly entry: Entry;
}

/** A directory that is being walked. */
interface Visit<Entry extends TreeEntry> {
  readonly path: string;
  readonly match: DirectoryMatch;
  readonly rest: Iterator<Entry>;
  /** Set while the directory is excluded and nothing in it was kept. */
  withheld: KeptPath<Entry> | undefined;
}

/**
 * Walks a tree depth first, in the order of names, and yields what is not excluded.
 *
 * An excluded directory comes only with something in it that an exception brings back, and right before that; where no
 * exception can reach, directories are not even read.
 *
 * @throws KilnError `ignore/bad-pattern` for patterns that only fail in use.
 * @see https://github.com/tonistiigi/fsutil/blob/master/filter.go
 */
export function* filterTree<Entry extends TreeEntry>(
  tree: Tree<Entry>,
  matcher: IgnoreMatcher,
): Generator<KeptPath<Entry>, void, undefined> {
  const visits: Visit<Entry>[] = [
    { path: '', match: matcher.root(), rest: sorted(tree.children('')), withheld: undefined },
  ];
  for (let visit = visits.at(-1); visit; visit = visits.at(-1)) {
    const next = visit.rest.next();
    if (next.done) {
      visits.pop();
      continue;
    }
    const entry = next.value;
    const kept = { path: visit.path === '' ? entry.name : `${visit.path}/${entry.name}`, entry };
    const { excluded, match } = matcher.enter(visit.match, kept.path);
    if (!excluded) {
      yield* released(visits);
      yield kept;
    }
    if (!entry.directory || (excluded && matcher.mayPrune(kept.path))) continue;
    const rest = sorted(tree.children(kept.path));
    visits.push({ path: kept.path, match, rest, withheld: excluded ? kept : undefined });
  }
}

/** The excluded directories on the way down, now that something in them is kept. */
function* released<Entry extends TreeEntry>(visits: readonly Visit<Entry>[]): Generator<KeptPath<Entry>> {
  for (const visit of visits) {
    if (visit.withheld) yield visit.withheld;
    visit.withheld = undefined;
  }
}

function sorted<Entry extends TreeEntry>(entries: Iterable<Entry>): Iterator<Entry> {
  return Array.from(entries)
    .sort((a, b) => compareNames(a.name, b.name))
    .values();
}

/** Go's order of UTF-8 bytes, which is that of code points, not of UTF-16 units. */
function compareNames(a: string, b: string): number {
  for (let at = 0; at < a.length && at < b.length; at++) {
    const difference = sortKey(a.charCodeAt(at)) - sortKey(b.charCodeAt(at));
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Puts surrogates, which make up code points beyond U+FFFF, behind the other units. */
function sortKey(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit < 0xe000 ? unit + 0x2000 : unit - 0x800;
}
