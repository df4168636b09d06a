import { deviceNumbers, entryKind, permissions, type Entry } from './entry.ts';
import { PlannedContent } from './planned-content.ts';
import type { NodeAttributes, PlannedNode } from './planned-node.ts';
import type { TreeReader } from './tree-reader.ts';

/** The attributes of something that root makes now. */
export function newAttributes(bits: number): NodeAttributes {
  return { uid: 0, gid: 0, bits, timeNs: timeNow(), capability: undefined };
}

let known = { ms: 0, ns: 0n };

/** Ns since 1970. */
export function timeNow(): bigint {
  const ms = Date.now();
  if (known.ms !== ms) known = { ms, ns: BigInt(ms) * 1_000_000n };
  return known.ns;
}

/** What an entry of a source becomes, which is no directory. Its content stays where it is. */
export function planEntry(reader: TreeReader, entry: Entry): PlannedNode {
  const { stat } = entry;
  const kind = entryKind(stat);
  const bits = permissions(stat);
  if (kind === 'file') {
    const size = Number(stat.size);
    const content = size === 0 ? undefined : new PlannedContent(reader, entry);
    // As below, with nothing made in between: there are many files.
    return { kind, uid: 0, gid: 0, bits, timeNs: timeNow(), capability: undefined, size, content, isLinked: false };
  }
  const attributes = newAttributes(bits);
  switch (kind) {
    case 'socket':
      // A socket is nothing without the program behind it.
      return { kind: 'file', ...attributes, size: 0, content: undefined, isLinked: false };
    case 'symlink':
      return { kind, ...attributes, bits: 0o777, target: entry.target ?? reader.readLink(entry.path) };
    case 'character-device':
    case 'block-device':
      return { kind, ...attributes, ...deviceNumbers(stat) };
    case 'fifo':
      return { kind, ...attributes, major: 0, minor: 0 };
    case 'directory':
      throw new TypeError('a directory is not copied as a whole');
  }
}
