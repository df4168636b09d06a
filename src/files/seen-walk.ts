import { mostSeen, type SeenFiles } from './seen-files.ts';
import type { SelectedRoot, SourceSelector } from './select-sources.ts';
import type { WalkEvent } from './walk-event.ts';

/** What a walk of a context comes by that is hashed, so that the copy that follows need not look again. */
export class SeenWalk {
  readonly #seen: SeenFiles;
  readonly #name: string;
  #events: WalkEvent[] | undefined = [];

  /** @param name of the walk: {@link walkName} */
  constructor(seen: SeenFiles, name: string) {
    this.#seen = seen;
    this.#name = name;
  }

  add(event: WalkEvent): void {
    const { kind, entry } = event;
    if (kind === 'open') this.#seen.noteDirectory(entry, event.children);
    else if (kind === 'entry') this.#seen.note(entry);
    this.#events?.push(event);
    // It would not be kept.
    if (this.#events?.length === mostSeen) this.#events = undefined;
  }

  /** Keeps it; it has come to its end. */
  keep(): void {
    if (this.#events) this.#seen.keepWalk(this.#name, this.#events);
  }
}

/** What decides what the walk of a root of a tree comes by. */
export function walkName({ source, parents, excludes, wildcards }: SourceSelector, { entry }: SelectedRoot): string {
  return JSON.stringify([source, parents, excludes, wildcards, entry.path]);
}
