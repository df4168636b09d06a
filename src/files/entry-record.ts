import { hash } from 'node:crypto';
import { deviceNumbers, entryKind, permissions, type Entry } from './entry.ts';
import type { TreeReader } from './tree-reader.ts';
import { readXattrs } from './xattrs.ts';

/**
 * What counts of an entry in a cache key, but for its name and the content of a file. No times, no inode.
 *
 * @see https://github.com/moby/buildkit/blob/v0.32.0/cache/contenthash/tarsum.go
 */
export function entryRecord(reader: TreeReader, { path, stat, target }: Entry): string {
  const kind = entryKind(stat);
  const isContext = reader.tree.kind === 'context';
  // Mostly it is a file; this is what comes out of the rest, too.
  if (kind === 'file' && isContext)
    return `file\0${permissions(stat).toString(8)}\x000\x000\0${stat.size.toString()}\0`;
  const fields: string[] = [
    // A socket is copied as an empty file.
    kind === 'socket' ? 'file' : kind,
    kind === 'symlink' ? '777' : permissions(stat).toString(8),
    isContext ? '0' : stat.uid.toString(),
    isContext ? '0' : stat.gid.toString(),
    kind === 'file' ? stat.size.toString() : '0',
    kind === 'symlink' ? (target ?? reader.readLink(path)) : '',
  ];
  if (kind === 'character-device' || kind === 'block-device') {
    const { major, minor } = deviceNumbers(stat);
    fields.push(`${major}:${minor}`);
  }
  return fields.join('\0');
}

/**
 * The extended attributes that count in a cache key; empty if there are none.
 *
 * @param names of all that there are
 */
export function xattrRecord(reader: TreeReader, path: string, names: readonly string[]): string {
  const counting = readXattrs(reader.hostPath(path), reader.tree.kind, names).filter(([name]) => counts(name));
  if (counting.length === 0) return '';
  return hash('sha256', counting.map(([name, value]) => `${name}\0${value.toString('hex')}\n`).join(''), 'hex');
}

/** Labels of security modules and access lists say more about the machine than about the file. */
function counts(name: string): boolean {
  return name === 'security.capability' || !/^(?:security|system)\./.test(name);
}
