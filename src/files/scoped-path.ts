import { KilnError } from '../diagnostic/kiln-error.ts';
import { childPath, toText } from './binary-path.ts';

/** As many as the reference follows. */
const mostLinks = 255;

/** What is at a path. */
export interface PathStat {
  isDirectory(): boolean;
  isSymbolicLink(): boolean;
}

/** Files that paths lead through; paths are absolute and binary. */
export interface PathReader {
  /** What is there, without following a link; undefined if nothing is. */
  readonly stat: (path: string) => PathStat | undefined;
  /** What a link points to, binary. */
  readonly readLink: (path: string) => string;
}

export interface ScopedPathOptions {
  /** Whether the last name is followed if it is a link. */
  readonly followLast: boolean;
}

/**
 * A path without links: those on the way are followed inside the tree, an absolute one from its root, and none leads out
 * of it. From the first name on that is not there, the rest stays as it is, cleaned.
 *
 * @param path absolute, binary.
 * @throws KilnError `files/too-many-links`, `files/not-a-directory` if a file is where a directory must be.
 */
export function resolvePath(reader: PathReader, path: string, { followLast }: ScopedPathOptions): string {
  const names = path.split('/').reverse();
  const resolved: string[] = [];
  let links = 0;
  for (let name = names.pop(); name !== undefined; name = names.pop()) {
    if (name === '' || name === '.') continue;
    if (name === '..') {
      resolved.pop();
      continue;
    }
    const here = childPath(`/${resolved.join('/')}`, name);
    const isLast = names.every((rest) => rest === '' || rest === '.');
    const stat = reader.stat(here);
    if (!stat?.isSymbolicLink() || (isLast && !followLast)) {
      if (stat && !stat.isDirectory() && !stat.isSymbolicLink() && !isLast) throw notADirectory(here);
      resolved.push(name);
      continue;
    }
    if (++links > mostLinks) throw tooManyLinks(path);
    const target = reader.readLink(here);
    if (target.startsWith('/')) resolved.length = 0;
    names.push(...target.split('/').reverse());
  }
  return `/${resolved.join('/')}`;
}

function notADirectory(path: string): KilnError {
  return new KilnError('files/not-a-directory', `lstat ${toText(path)}: not a directory`);
}

function tooManyLinks(path: string): KilnError {
  return new KilnError('files/too-many-links', `too many links: ${toText(path)}`, {
    hint: 'a symbolic link on the way probably points to itself',
  });
}
