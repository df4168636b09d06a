import type { FileStat } from '../system/file-stat.ts';
import { fileSummary } from '../system/file-summary.ts';
import { childPath } from './binary-path.ts';
import { permissions, type Entry } from './entry.ts';
import { changedError } from './file-error.ts';
import type { Child } from './child.ts';
import { isOwnOutput } from './own-output.ts';
import type { WalkEvent } from './walk-event.ts';

/** So many entries are kept as they were; of more, what tells whether they have changed. */
export const mostSeen = 50_000;

interface SeenDirectory {
  readonly permissions: number;
  /** What is in it, or what {@link listing} gives of it. */
  readonly children: readonly Child[] | string;
}

/**
 * What a context was like when it was hashed for a step, so that a copy of anything else is noticed: what is copied must be what
 * the key of the step says. Paths are those of the context.
 */
export class SeenFiles {
  /** What {@link fileSummary} gives of what is no directory. */
  readonly #files = new Map<string, number>();
  /** What is to be added: mostly, nobody asks for it. */
  readonly #noted: Entry[] = [];
  readonly #directories = new Map<string, SeenDirectory>();
  #children = 0;
  readonly #walks = new Map<string, readonly WalkEvent[]>();
  #walked = 0;
  /** Of what was selected, by the name of the selection. */
  readonly #digests = new Map<string, Promise<string>>();

  /** The digest of a selection, which is made once: what a step selects twice is the same. */
  digest(name: string, make: () => Promise<string>): Promise<string> {
    const known = this.#digests.get(name) ?? make();
    this.#digests.set(name, known);
    return known;
  }

  /** Remembers something that is no directory. */
  note(entry: Entry): void {
    if (this.#noted.length < mostSeen) this.#noted.push(entry);
    else this.#add(entry);
  }

  /** Remembers a directory, and what is in it. */
  noteDirectory({ path, stat }: Entry, children: readonly Child[]): void {
    if (this.#directories.has(path)) return;
    this.#children += children.length;
    const known = this.#children < mostSeen ? children : listing(children);
    this.#directories.set(path, { permissions: permissions(stat), children: known });
  }

  /** Remembers all that a walk came by, if it is not too much. */
  keepWalk(name: string, events: readonly WalkEvent[]): void {
    if (this.#walks.has(name) || this.#walked + events.length > mostSeen) return;
    this.#walked += events.length;
    this.#walks.set(name, events);
  }

  /** All that a walk came by; undefined if that is not known. */
  walk(name: string): readonly WalkEvent[] | undefined {
    return this.#walks.get(name);
  }

  /** @throws KilnError `files/changed` if the entry, no directory, was noted and is not the same any more. */
  check({ path, stat }: Entry): void {
    const seen = this.#known().get(path);
    const isChanged = seen === undefined ? this.#directories.has(path) : seen !== fileSummary(stat);
    if (isChanged && !isOwnOutput(stat)) throw changedError(path);
  }

  /** @throws KilnError `files/changed` if a directory, or what there is in it, is not what was noted any more. */
  checkDirectory({ path, stat }: Entry, children: readonly Child[]): void {
    const noted = this.#directories.get(path);
    if (noted === undefined) {
      if (this.#known().has(path)) throw changedError(path);
      return;
    }
    if (noted.permissions !== permissions(stat)) throw changedError(path);
    const seen = typeof noted.children === 'object' ? listing(noted.children) : noted.children;
    if (seen === listing(children)) return;
    const names = new Set(seen.slice(0, -1).split('\0'));
    const added = children.find(({ name }) => !names.has(name));
    throw added ? changedError(childPath(path, added.name), 'appeared') : changedError(path);
  }

  #known(): ReadonlyMap<string, number> {
    for (const entry of this.#noted) this.#add(entry);
    this.#noted.length = 0;
    return this.#files;
  }

  #add({ path, stat }: Entry): void {
    // What was hashed first counts, if it was hashed twice.
    if (!this.#files.has(path)) this.#files.set(path, fileSummary(stat));
  }
}

/** Whether a file is still the same. */
export function isUnchanged(before: FileStat, after: FileStat): boolean {
  return fileSummary(before) === fileSummary(after) || isOwnOutput(after);
}

function listing(children: readonly Child[]): string {
  return children.map(({ name }) => `${name}\0`).join('');
}
