import type { ContentStore } from '../../content/store.ts';
import { imageGraph, type ImageGraph } from './image-graph.ts';

/** An image, and all names it has. */
export interface TaggedImage extends ImageGraph {
  /** In full, sorted. */
  readonly names: readonly string[];
  /** When the last of its names was given. ms since 1970. */
  readonly updated: number;
}

/** The images that have names, which nobody may take anything from. */
export class TaggedImages {
  readonly #store: ContentStore;
  readonly #graphs = new Map<string, ImageGraph>();
  #text = '';
  #images: readonly TaggedImage[] = [];
  #blobs: ReadonlySet<string> = new Set();

  constructor(store: ContentStore) {
    this.#store = store;
  }

  /** As they are now, by their first name. What was read once is not read again. */
  list(): readonly TaggedImage[] {
    const named = this.#store.images.list();
    const text = named.map(({ name, target }) => `${name} ${target.digest}`).join('\n');
    if (text === this.#text) return this.#images;
    const byTarget = Map.groupBy(named, ({ target }) => target.digest);
    this.#images = Array.from(byTarget.values(), (images) => {
      const [first] = images as [(typeof images)[number]];
      const graph = this.#graphs.get(first.target.digest) ?? imageGraph(this.#store, first.target);
      this.#graphs.set(first.target.digest, graph);
      const updated = Math.max(...images.map((image) => image.updated));
      return { ...graph, names: images.map(({ name }) => name), updated };
    });
    this.#blobs = new Set(this.#images.flatMap(({ blobs }) => [...blobs]));
    this.#text = text;
    return this.#images;
  }

  /** Whether one of them has a blob now. */
  hasBlob(digest: string): boolean {
    this.list();
    return this.#blobs.has(digest);
  }
}
