import type { FileStat } from '../system/file-stat.ts';
import { statPath } from './host-path.ts';
import { isOpaque, isWhiteout } from './overlay-marks.ts';

/** Attributes by which overlayfs keeps its own notes. In a layer they would let it read what is none of its business. */
export function isOverlayAttribute(name: string): boolean {
  return name.startsWith('trusted.overlay.') || name.startsWith('user.overlay.');
}

/** What a stack of directories has at a path. */
export interface Found {
  /** Path of the host. */
  readonly path: string;
  readonly stat: FileStat;
}

/**
 * Looks up a path in a stack of overlay directories as overlayfs does. No symlink is followed: behind one there is nothing.
 *
 * @param directories bottom first
 * @param path relative and clean
 */
export function findInStack(directories: readonly string[], path: string): Found | undefined {
  const names = path.split('/');
  for (const directory of directories.toReversed()) {
    let host = directory;
    let isCut = false;
    for (const [index, name] of names.entries()) {
      host += `/${name}`;
      const stat = statPath(host);
      if (!stat) break;
      if (isWhiteout(host, stat)) return undefined;
      if (index === names.length - 1) return { path: host, stat };
      if (!stat.isDirectory()) return undefined;
      isCut ||= isOpaque(host);
    }
    if (isCut) return undefined;
  }
  return undefined;
}
