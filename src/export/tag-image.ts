import type { ContentStore } from '../content/store.ts';
import type { WrittenImage } from './write-image.ts';

/** Gives an image names in the store; images that had them lose them. Throws a `ValueError` for a name that is none. */
export function tagImage(store: ContentStore, names: readonly string[], image: WrittenImage): void {
  store.images.set(names, image.target);
}
