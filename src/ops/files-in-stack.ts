import { readlinkSync } from 'node:fs';
import { baseName, fsPath, toBinary, toText } from '../files/binary-path.ts';
import type { Child } from '../files/child.ts';
import type { FilesBelow, FoundBelow } from '../files/planned-files.ts';
import type { FileStack } from '../files/tree.ts';
import { statPath } from '../layer/host-path.ts';
import { findMergedEntry, readMergedDirectory } from '../layer/merged-directory.ts';
import { parentPath } from '../spec/slash-path.ts';
import type { FileStat } from '../system/file-stat.ts';

/** Something in a stack. */
interface Found {
  /** Path of the host, a byte string: of a directory, its top part. */
  readonly host: string;
  readonly stat: FileStat;
  /** Those of the host that make it up, top first; undefined if it is no directory. */
  readonly parts: readonly string[] | undefined;
}

/** Directories that are remembered. */
const most = 1000;

/**
 * The files of a stack of overlay directories, as overlayfs would show them, without a mount: for reading here and there that is
 * less work, and it leaves nothing to be unmounted. No link is followed. Paths are absolute and binary.
 */
export class FilesInStack implements FilesBelow, FileStack {
  readonly roots: readonly string[];
  readonly #directories = new Map<string, readonly string[] | undefined>();
  readonly #root: Found | undefined;
  #last: { readonly path: string; readonly found: Found | undefined } | undefined;

  /** @param directories bottom first */
  constructor(directories: readonly string[]) {
    this.roots = directories.toReversed();
    const top = this.roots[0];
    const stat = top === undefined ? undefined : statPath(top);
    this.#root = top !== undefined && stat ? { host: top, stat, parts: this.roots } : undefined;
  }

  stat(path: string): FileStat | undefined {
    return this.#find(path)?.stat;
  }

  hostPath(path: string): string | undefined {
    const host = this.#find(path)?.host;
    return host === undefined ? undefined : toBinary(host);
  }

  list(path: string): readonly Child[] {
    return readMergedDirectory({ parts: this.#partsOf(path) ?? [] }).flatMap(({ name, kind }) =>
      kind === 'whiteout' ? [] : { name: toBinary(name), isDirectory: kind === 'directory' },
    );
  }

  find(path: string): FoundBelow | undefined {
    const found = this.#find(path);
    if (!found) return undefined;
    const host = toBinary(found.host);
    return { kind: 'file', stat: found.stat, host, readLink: () => readlinkSync(fsPath(host), 'latin1') };
  }

  #find(path: string): Found | undefined {
    if (this.#last?.path !== path) this.#last = { path, found: this.#lookUp(path) };
    return this.#last.found;
  }

  #lookUp(path: string): Found | undefined {
    if (path === '/') return this.#root;
    const parts = this.#partsOf(parentPath(path));
    const entry = parts && findMergedEntry({ parts }, toText(baseName(path)));
    if (!entry || entry.kind === 'whiteout') return undefined;
    return { host: entry.path, stat: entry.stat, parts: entry.kind === 'directory' ? entry.parts : undefined };
  }

  /** What makes up a directory, top first; undefined if there is none. */
  #partsOf(path: string): readonly string[] | undefined {
    if (path === '/') return this.roots;
    if (this.#directories.has(path)) return this.#directories.get(path);
    if (this.#directories.size >= most) this.#directories.clear();
    const parts = this.#lookUp(path)?.parts;
    this.#directories.set(path, parts);
    return parts;
  }
}
