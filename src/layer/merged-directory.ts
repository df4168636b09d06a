import type { FileStat } from '../system/file-stat.ts';
import { listNames, statPath, statPaths } from './host-path.ts';
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
  const drafts = new Map<string, Draft>();
  for (const part of parts) {
    const names = listNames(part).filter((name) => drafts.get(name)?.isClosed !== true);
    const paths = names.map((name) => `${part}/${name}`);
    const stats = statPaths(paths);
    for (const [index, name] of names.entries()) {
      const draft = drafts.get(name) ?? { parts: [], isOpaque: false, isClosed: false };
      drafts.set(name, draft);
      addTo(draft, paths[index] ?? '', stats[index]);
    }
  }
  const names = parts.length === 1 ? [...drafts.keys()] : sortByBytes([...drafts.keys()]);
  return names.flatMap((name) => {
    const draft = drafts.get(name);
    return draft?.parts ? [finish(name, draft)] : [];
  });
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
