import { readlinkSync, type BigIntStats } from 'node:fs';
import { childPath, fsPath, toBinary, toText } from '../files/binary-path.ts';
import type { Child } from '../files/child.ts';
import type { FilesBelow, FoundBelow } from '../files/planned-files.ts';
import type { FileStack } from '../files/tree.ts';
import { statPath } from '../layer/host-path.ts';
import { readMergedDirectory } from '../layer/merged-directory.ts';
import { isOpaque, isWhiteout } from '../layer/overlay-marks.ts';
import { parentPath } from '../spec/slash-path.ts';

/** Something in a stack. */
interface Found {
  /** Path of the host, a byte string: of a directory, its top part. */
  readonly host: string;
  readonly stat: BigIntStats;
  /** Of a directory: those of the host that make it up, top first. */
  readonly parts: readonly string[];
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
  #last: { readonly path: string; readonly found: Found | undefined } | undefined;

  /** @param directories bottom first */
  constructor(directories: readonly string[]) {
    this.roots = directories.toReversed();
  }

  stat(path: string): BigIntStats | undefined {
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
    if (path === '/') return topOf(this.roots);
    const parent = parentPath(path);
    const name = toText(path.slice(parent === '/' ? 1 : parent.length + 1));
    return topOf((this.#partsOf(parent) ?? []).map((part) => childPath(part, name)));
  }

  /** What makes up a directory, top first; undefined if there is none. */
  #partsOf(path: string): readonly string[] | undefined {
    if (path === '/') return this.roots;
    if (this.#directories.has(path)) return this.#directories.get(path);
    if (this.#directories.size >= most) this.#directories.clear();
    const found = this.#lookUp(path);
    const parts = found?.stat.isDirectory() ? found.parts : undefined;
    this.#directories.set(path, parts);
    return parts;
  }
}

/** What is at some paths of the host, of which each hides the next, save for directories. */
function topOf(paths: readonly string[]): Found | undefined {
  let top: Pick<Found, 'host' | 'stat'> | undefined;
  const parts: string[] = [];
  for (const host of paths) {
    const stat = statPath(host);
    if (!stat) continue;
    // Below a directory, a file or a whiteout hides what is farther down.
    if (!stat.isDirectory())
      return top ? { ...top, parts } : isWhiteout(host, stat) ? undefined : { host, stat, parts };
    top ??= { host, stat };
    parts.push(host);
    if (isOpaque(host)) break;
  }
  return top && { ...top, parts };
}
