import { fileSummary, type FileStat } from '../system/file-stat.ts';
import { childPath } from './binary-path.ts';
import type { Entry } from './entry.ts';
import { changedError } from './file-error.ts';
import type { Child } from './child.ts';
import { isOwnOutput } from './own-output.ts';

/** So many entries are kept as they were; of more, what tells whether they have changed. */
const most = 50_000;

/**
 * What a context was like when it was hashed, so that a copy of anything else is noticed. One for a context and a build;
 * paths are those of the context.
 */
export class SeenFiles {
  /** Of files, or what {@link fileSummary} gives of them. */
  readonly #files = new Map<string, FileStat | number>();
  /** Those of the files that have extended attributes, as far as is known. */
  readonly #attributed = new Set<string>();
  /** What is in directories, or what {@link listing} gives of it. */
  readonly #directories = new Map<string, readonly Child[] | string>();
  #children = 0;

  /** Remembers a file that is being hashed; `isPlain` if it has no extended attributes. */
  note({ path, stat }: Entry, isPlain: boolean): void {
    this.#files.set(path, this.#files.size < most ? stat : fileSummary(stat));
    if (!isPlain) this.#attributed.add(path);
  }

  /** Remembers what is in a directory. */
  noteDirectory(path: string, children: readonly Child[]): void {
    this.#children += children.length;
    this.#directories.set(path, this.#children < most ? children : listing(children));
  }

  /** A file as it was; undefined if that is not known. */
  stat(path: string): FileStat | undefined {
    const seen = this.#files.get(path);
    return typeof seen === 'object' ? seen : undefined;
  }

  /** Whether a file is known to have no extended attributes: those that it got later changed it. */
  isPlain(path: string): boolean {
    return this.#files.has(path) && !this.#attributed.has(path);
  }

  /** What was in a directory; undefined if that is not known. */
  children(path: string): readonly Child[] | undefined {
    const seen = this.#directories.get(path);
    return typeof seen === 'object' ? seen : undefined;
  }

  /** @throws KilnError `files/changed` if the file was noted and is not the same any more. */
  check({ path, stat }: Entry): void {
    const seen = this.#files.get(path);
    if (seen === undefined || seen === stat) return;
    const summary = typeof seen === 'object' ? fileSummary(seen) : seen;
    if (summary !== fileSummary(stat) && !isOwnOutput(stat)) throw changedError(path);
  }

  /** @throws KilnError `files/changed` if something has come or gone since the directory was noted. */
  checkDirectory(path: string, children: readonly Child[]): void {
    const noted = this.#directories.get(path);
    if (noted === undefined || noted === children) return;
    const seen = typeof noted === 'object' ? listing(noted) : noted;
    if (seen === listing(children)) return;
    const names = new Set(seen.slice(0, -1).split('\0'));
    const added = children.find(({ name }) => !names.has(name));
    throw added ? changedError(childPath(path, added.name), 'appeared') : changedError(path);
  }
}

/** Whether a file is still the same. */
export function isUnchanged(before: FileStat, after: FileStat): boolean {
  return fileSummary(before) === fileSummary(after) || isOwnOutput(after);
}

function listing(children: readonly Child[]): string {
  return children.map(({ name }) => `${name}\0`).join('');
}
