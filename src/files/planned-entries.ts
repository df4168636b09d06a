import { capabilityName, noXattrs } from '../spec/tar/entry.ts';
import type { LayerEntry } from '../spec/tar/layer-entry.ts';
import { opaqueName, whiteoutEntry, whiteoutPrefix } from '../spec/tar/whiteouts.ts';
import { childPath, toText } from './binary-path.ts';
import type { PlannedDirectory, PlannedNode } from './planned-node.ts';

interface Walk {
  readonly isBelow: (path: string) => boolean;
  /** Paths in the tar of files that were written. */
  readonly written: Map<PlannedNode, string>;
}

/**
 * The entries of a layer in the order of its tar: paths sorted by bytes, a directory before what is in it, whiteouts before
 * other files. What has several names is a file by the first, a link by the others.
 *
 * @param isBelow whether there is something in the layers below, at an absolute path
 */
export function plannedEntries(root: PlannedDirectory, isBelow: (path: string) => boolean): Iterable<LayerEntry> {
  return entriesOf({ isBelow, written: new Map() }, root, '');
}

/** @param folder relative path, binary; empty for the root */
function* entriesOf(walk: Walk, { children }: PlannedDirectory, folder: string): Generator<LayerEntry> {
  const names = [...children.keys()].sort();
  for (const name of names) {
    const isGone = children.get(name) === undefined;
    if (isGone && walk.isBelow(`/${childPath(folder, name)}`)) yield mark(childPath(folder, whiteoutPrefix + name));
  }
  for (const name of names) {
    const node = children.get(name);
    if (!node) continue;
    const path = childPath(folder, name);
    yield entryOf(walk, node, toText(path));
    if (node.kind !== 'directory') continue;
    if (node.hides) yield mark(childPath(path, opaqueName));
    yield* entriesOf(walk, node, path);
  }
}

function entryOf({ written }: Walk, node: PlannedNode, path: string): LayerEntry {
  const { uid, gid, timeNs: mtimeNs, bits: mode, capability } = node;
  const xattrs = capability ? new Map([[capabilityName, capability]]) : noXattrs;
  // There are many files: no more is made for each than what is returned.
  if (node.kind === 'file' && !node.isLinked) {
    const { size, content } = node;
    return { entry: { kind: 'file', path, mode, uid, gid, mtimeNs, xattrs, size }, content };
  }
  const base = { path, mode, uid, gid, mtimeNs, xattrs };
  switch (node.kind) {
    case 'directory':
      return { entry: { kind: 'directory', ...base } };
    case 'symlink':
      return { entry: { kind: 'symlink', ...base, target: toText(node.target) } };
    case 'fifo':
      return { entry: { kind: 'fifo', ...base } };
    case 'character-device':
    case 'block-device':
      return { entry: { kind: node.kind, ...base, major: node.major, minor: node.minor } };
    case 'file': {
      const target = written.get(node);
      if (target !== undefined) return { entry: { kind: 'hard-link', ...base, target } };
      written.set(node, path);
      return { entry: { kind: 'file', ...base, size: node.size }, content: node.content };
    }
  }
}

function mark(path: string): LayerEntry {
  return { entry: whiteoutEntry(toText(path)) };
}
