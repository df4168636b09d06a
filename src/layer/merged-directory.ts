import type { FileStat } from '../system/file-stat.ts';
import { listNames, lookAtPathsAside, statPath, statPaths } from './host-path.ts';
import { isOpaque, isWhiteout } from './overlay-marks.ts';

/** A directory of a stack of overlay directories: the host's directories that make it up, top first. */
export interface MergedDirectory {
  readonly parts: readonly string[];
}

/** What is known of a file, or of the top part of a directory. */
interface Top {
  /** Of the host. */
  readonly path: string;
  readonly stat: FileStat;
  /** Names of its extended attributes; undefined if nobody has asked. */
  readonly xattrNames: readonly string[] | undefined;
}

/** Something that the stack says of a name. */
export type MergedEntry =
  /** What is below the stack is gone. */
  | { readonly kind: 'whiteout'; readonly name: string }
  | (Top & { readonly kind: 'node'; readonly name: string })
  /** The attributes of the top part count. */
  | (Top & {
      readonly kind: 'directory';
      readonly name: string;
      readonly parts: readonly string[];
      /** Nothing below the stack shows through. */
      readonly isOpaque: boolean;
    });

/** What is being found out about a name, from the top down. */
interface Draft {
  top?: Top;
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
    merging.add(statPaths(paths).map((stat, index) => topOf(paths[index] ?? '', stat)));
  }
  return merging.entries();
}

/** As {@link readMergedDirectory}, mostly on another thread, and with the names of extended attributes. */
export async function readMergedDirectoryAside({ parts }: MergedDirectory): Promise<readonly MergedEntry[]> {
  const merging = new Merging(parts);
  for (const part of parts) {
    const paths = merging.list(part);
    const looks = await lookAtPathsAside(paths);
    merging.add(looks.map((look, index) => look && { path: paths[index] ?? '', ...look }));
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

  /** Adds what is at the paths of these. */
  add(found: readonly (Top | undefined)[]): void {
    for (const [index, name] of this.#names.entries()) {
      const draft = this.#drafts.get(name) ?? { parts: [], isOpaque: false, isClosed: false };
      this.#drafts.set(name, draft);
      addTo(draft, found[index]);
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
  for (const part of parts) {
    const path = `${part}/${name}`;
    if (!draft.isClosed) addTo(draft, topOf(path, statPath(path)));
  }
  return draft.top || draft.isClosed ? finish(name, draft) : undefined;
}

function topOf(path: string, stat: FileStat | undefined): Top | undefined {
  return stat && { path, stat, xattrNames: undefined };
}

function addTo(draft: Draft, found: Top | undefined): void {
  if (!found) return;
  const { path, stat, xattrNames } = found;
  if (!stat.isDirectory()) {
    // Below a directory, a file or a whiteout hides what is farther down.
    draft.isOpaque = draft.top !== undefined;
    draft.isClosed = true;
    if (!isWhiteout(path, stat, xattrNames)) draft.top ??= found;
    return;
  }
  draft.top ??= found;
  draft.parts.push(path);
  if (isOpaque(path, xattrNames)) draft.isOpaque = draft.isClosed = true;
}

function finish(name: string, { top, parts, isOpaque }: Draft): MergedEntry {
  if (!top) return { kind: 'whiteout', name };
  const { path, stat, xattrNames } = top;
  return parts.length > 0
    ? { kind: 'directory', name, path, stat, xattrNames, parts, isOpaque }
    : { kind: 'node', name, path, stat, xattrNames };
}

function sortByBytes(names: string[]): readonly string[] {
  const keyed = names.map((name) => ({ name, bytes: Buffer.from(name) }));
  return keyed.sort((a, b) => Buffer.compare(a.bytes, b.bytes)).map(({ name }) => name);
}
