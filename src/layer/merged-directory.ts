import type { FileStat } from '../system/file-stat.ts';
import { listNames, statPath, statPaths, statPathsAside } from './host-path.ts';
import { isOpaque, isWhiteout } from './overlay-marks.ts';

/** A directory of a stack of overlay directories: the host's directories that make it up, top first. */
export interface MergedDirectory {
  readonly parts: readonly string[];
}

/** Something that the stack says of a name. */
export type MergedEntry =
  /** What is below the stack is gone. */
  | { readonly kind: 'whiteout'; readonly name: string }
  | { readonly kind: 'node'; readonly name: string; readonly path: string; readonly stat: FileStat }
  | {
      readonly kind: 'directory';
      readonly name: string;
      /** Path of the host, of the top part: its attributes count. */
      readonly path: string;
      readonly stat: FileStat;
      readonly parts: readonly string[];
      /** Nothing below the stack shows through. */
      readonly isOpaque: boolean;
    };

/** What is being found out about a name, from the top down. */
interface Draft {
  top?: { readonly path: string; readonly stat: FileStat };
  readonly parts: string[];
  isOpaque: boolean;
  /** Nothing farther down matters. */
  isClosed: boolean;
}

/** The entries of a directory of a stack, sorted by the bytes of their names. */
export function readMergedDirectory({ parts }: MergedDirectory): readonly MergedEntry[] {
  const merging = new Merging(parts);
  for (const part of parts) {
    const paths = merging.list(part);
    merging.add(paths, statPaths(paths));
  }
  return merging.entries();
}

/** As {@link readMergedDirectory}, mostly on another thread. */
export async function readMergedDirectoryAside({ parts }: MergedDirectory): Promise<readonly MergedEntry[]> {
  const merging = new Merging(parts);
  for (const part of parts) {
    const paths = merging.list(part);
    merging.add(paths, await statPathsAside(paths));
  }
  return merging.entries();
}

/** Puts the parts of a directory together, top first. */
class Merging {
  readonly #parts: readonly string[];
  readonly #drafts = new Map<string, Draft>();
  #names: readonly string[] = [];

  constructor(parts: readonly string[]) {
    this.#parts = parts;
  }

  /** The paths of what matters of the next part. */
  list(part: string): readonly string[] {
    this.#names = listNames(part).filter((name) => this.#drafts.get(name)?.isClosed !== true);
    return this.#names.map((name) => `${part}/${name}`);
  }

  /** Adds what is at these paths. */
  add(paths: readonly string[], stats: readonly (FileStat | undefined)[]): void {
    for (const [index, name] of this.#names.entries()) {
      const draft = this.#drafts.get(name) ?? { parts: [], isOpaque: false, isClosed: false };
      this.#drafts.set(name, draft);
      addTo(draft, paths[index] ?? '', stats[index]);
    }
  }

  entries(): readonly MergedEntry[] {
    const names = [...this.#drafts.keys()];
    return (this.#parts.length === 1 ? names : sortByBytes(names)).flatMap((name) => {
      const draft = this.#drafts.get(name);
      return draft ? [finish(name, draft)] : [];
    });
  }
}

/** What a directory of a stack has by a name; undefined if its parts say nothing of it. */
export function findMergedEntry({ parts }: MergedDirectory, name: string): MergedEntry | undefined {
  const draft: Draft = { parts: [], isOpaque: false, isClosed: false };
  for (const part of parts) if (!draft.isClosed) addTo(draft, `${part}/${name}`, statPath(`${part}/${name}`));
  return draft.top || draft.isClosed ? finish(name, draft) : undefined;
}

function addTo(draft: Draft, path: string, stat: FileStat | undefined): void {
  if (!stat) return;
  if (!stat.isDirectory()) {
    // Below a directory, a file or a whiteout hides what is farther down.
    draft.isOpaque = draft.top !== undefined;
    draft.isClosed = true;
    if (!isWhiteout(path, stat)) draft.top ??= { path, stat };
    return;
  }
  draft.top ??= { path, stat };
  draft.parts.push(path);
  if (isOpaque(path)) draft.isOpaque = draft.isClosed = true;
}

function finish(name: string, { top, parts, isOpaque }: Draft): MergedEntry {
  if (!top) return { kind: 'whiteout', name };
  const { path, stat } = top;
  return parts.length > 0
    ? { kind: 'directory', name, path, stat, parts, isOpaque }
    : { kind: 'node', name, path, stat };
}

function sortByBytes(names: string[]): readonly string[] {
  const keyed = names.map((name) => ({ name, bytes: Buffer.from(name) }));
  return keyed.sort((a, b) => Buffer.compare(a.bytes, b.bytes)).map(({ name }) => name);
}
