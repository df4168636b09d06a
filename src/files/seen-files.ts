import { fileSummary, type FileStat } from '../system/file-stat.ts';
import { childPath } from './binary-path.ts';
import type { Entry } from './entry.ts';
import { changedError } from './file-error.ts';
import type { Child } from './child.ts';
import { isOwnOutput } from './own-output.ts';
import type { WalkEvent } from './walk-event.ts';

/** So many entries are kept as they were; of more, what tells whether they have changed. */
const most = 50_000;

/**
 * What a context was like when it was first hashed, so that a copy of anything else is noticed. One for a tree and a build;
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
  /** Files that are to be added: mostly, nobody asks for them. */
  readonly #noted: Entry[] = [];
  readonly #walks = new Map<string, readonly WalkEvent[]>();
  #walked = 0;
  /** Of what was selected, by the name of the selection. */
  readonly #digests = new Map<string, Promise<string>>();

  /** The digest of a selection, which is made once: what is selected twice is the same in a build. */
  digest(name: string, make: () => Promise<string>): Promise<string> {
    const known = this.#digests.get(name) ?? make();
    this.#digests.set(name, known);
    // What failed may be tried again.
    known.catch(() => this.#digests.delete(name));
    return known;
  }

  /** Remembers a file that is being hashed; `isPlain` if it has no extended attributes. */
  note(entry: Entry, isPlain: boolean): void {
    const { path, stat } = entry;
    if (this.#noted.length < most) this.#noted.push(entry);
    else if (!this.#known().has(path)) this.#files.set(path, fileSummary(stat));
    if (!isPlain) this.#attributed.add(path);
  }

  /** Remembers all that a walk came by, if it is not too much. */
  keepWalk(name: string, events: readonly WalkEvent[]): void {
    if (this.#walks.has(name) || this.#walked + events.length > most) return;
    this.#walked += events.length;
    this.#walks.set(name, events);
  }

  /** All that a walk came by; undefined if that is not known. */
  walk(name: string): readonly WalkEvent[] | undefined {
    return this.#walks.get(name);
  }

  /** Remembers what is in a directory. */
  noteDirectory(path: string, children: readonly Child[]): void {
    if (this.#directories.has(path)) return;
    this.#children += children.length;
    this.#directories.set(path, this.#children < most ? children : listing(children));
  }

  /** A file as it was; undefined if that is not known. */
  stat(path: string): FileStat | undefined {
    const seen = this.#known().get(path);
    return typeof seen === 'object' ? seen : undefined;
  }

  /** Whether a file is known to have no extended attributes: those that it got later changed it. */
  isPlain(path: string): boolean {
    return this.#known().has(path) && (this.#attributed.size === 0 || !this.#attributed.has(path));
  }

  /** What was in a directory; undefined if that is not known. */
  children(path: string): readonly Child[] | undefined {
    const seen = this.#directories.get(path);
    return typeof seen === 'object' ? seen : undefined;
  }

  /** @throws KilnError `files/changed` if the file was noted and is not the same any more. */
  check({ path, stat }: Entry): void {
    const seen = this.#known().get(path);
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

  #known(): Map<string, FileStat | number> {
    for (const { path, stat } of this.#noted) {
      if (!this.#files.has(path)) this.#files.set(path, this.#files.size < most ? stat : fileSummary(stat));
    }
    this.#noted.length = 0;
    return this.#files;
  }
}

/** Whether a file is still the same. */
export function isUnchanged(before: FileStat, after: FileStat): boolean {
  return fileSummary(before) === fileSummary(after) || isOwnOutput(after);
}

function listing(children: readonly Child[]): string {
  return children.map(({ name }) => `${name}\0`).join('');
}
