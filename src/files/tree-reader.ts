import { readlinkSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { withOwner } from '../system/file-owner.ts';
import { listDirectory } from '../system/list-directory.ts';
import { lstatAll } from '../system/lstat-all.ts';
import { SystemError } from '../system/system-error.ts';
import { listXattrsOfAll } from '../system/xattr.ts';
import type { FileStat } from '../system/file-stat.ts';
import { childPath, fsPath, toBinary, toText } from './binary-path.ts';
import type { Child } from './child.ts';
import type { Tree } from './tree.ts';
import { Visibility } from './visibility.ts';

/**
 * Looks at a tree, whose root is `/`; paths are binary, absolute, clean, and free of links but for the last name.
 * What is ignored does not exist.
 */
export class TreeReader {
  readonly tree: Tree;
  readonly #root: string;
  readonly #visibility: Visibility | undefined;

  constructor(tree: Tree) {
    this.tree = tree;
    const root = toBinary(tree.root);
    this.#root = root === '/' ? '' : root;
    if (tree.ignore && tree.ignore.patterns.length > 0) {
      this.#visibility = new Visibility(tree.ignore, (path) => this.#list(path));
    }
  }

  /** Where a path is on the host, binary. */
  hostPath(path: string): string {
    const { stack } = this.tree;
    if (stack) return stack.hostPath(path) ?? this.#root + path;
    return path === '/' ? this.#root || '/' : this.#root + path;
  }

  /** What is there, without following a link; undefined if nothing is. */
  stat(path: string): FileStat | undefined {
    const stat = this.statAll(path);
    if (!stat || !this.#visibility) return stat;
    return this.#visibility.isVisible(path, stat.isDirectory()) ? stat : undefined;
  }

  /** {@link stat} of a path that is known not to be ignored. */
  statAll(path: string): FileStat | undefined {
    return this.statEach([path])[0];
  }

  /** {@link statAll} of several paths, in their order. */
  statEach(paths: readonly string[]): readonly (FileStat | undefined)[] {
    const { stack } = this.tree;
    return stack ? paths.map((path) => stack.stat(path)) : this.#lookAt(paths);
  }

  /** The names of the extended attributes of several paths, in their order; undefined if they cannot be had so. */
  xattrNamesOf(paths: readonly string[]): readonly (readonly string[])[] | undefined {
    try {
      return listXattrsOfAll(paths.map((path) => toText(this.hostPath(path))));
    } catch (error) {
      if (error instanceof SystemError) return undefined;
      throw error;
    }
  }

  #lookAt(paths: readonly string[]): readonly (FileStat | undefined)[] {
    const hosts = paths.map((path) => this.hostPath(path));
    return lstatAll(hosts.map(fsPath)).map((stat, index) => {
      if (!stat || isWhiteout(stat)) return undefined;
      // Whoever files of a context belong to does not matter.
      return this.tree.kind === 'context' ? stat : withOwner(toText(hosts[index] ?? ''), stat);
    });
  }

  /** The entries of a directory, in the order of their bytes. */
  children(path: string): readonly Child[] {
    const all = this.#list(path);
    return this.#visibility ? this.#visibility.filter(path, all) : all;
  }

  /** What a link points to, binary. */
  readLink(path: string): string {
    return readlinkSync(fsPath(this.hostPath(path)), 'latin1');
  }

  #list(path: string): readonly Child[] {
    const { hidden, stack } = this.tree;
    if (stack) return stack.list(path).toSorted((a, b) => (a.name < b.name ? -1 : 1));
    const hiddenName = hidden !== undefined && dirname(hidden) === this.hostPath(path) ? basename(hidden) : undefined;
    return listDirectory(fsPath(this.hostPath(path)))
      .filter(({ name }) => name !== hiddenName)
      .filter(({ name, isCharacterDevice }) => !isCharacterDevice || this.statAll(childPath(path, name)))
      .sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** What overlayfs hides a file of a lower layer with; a layer that is looked at on its own may have some. */
function isWhiteout(stat: FileStat): boolean {
  return stat.isCharacterDevice() && stat.rdev === 0n;
}
