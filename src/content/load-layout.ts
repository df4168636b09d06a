import { KilnError } from '../diagnostic/kiln-error.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { brokenImage, explainBroken } from './broken-image.ts';
import { collectParts, layoutManifests } from './image-parts.ts';
import { LayoutSource } from './layout-source.ts';
import { loadImages, withoutNames } from './load-images.ts';
import type { LoadedImage } from './load-images.ts';
import { imageNameAnnotation, refNameAnnotation } from './name-annotations.ts';
import type { ContentStore } from './store.ts';

/** Loads all images of an OCI layout in a directory. Throws KilnError `content/broken-image`. */
export async function loadLayoutDirectory(store: ContentStore, directory: string): Promise<readonly LoadedImage[]> {
  try {
    return await loadImages(store, new LayoutSource(directory, store));
  } catch (cause) {
    throw explainBroken(directory, cause);
  }
}

/** Which image of a layout is meant. */
export interface LayoutChoice {
  /** The tag or the full name; `latest` if there are several images and nothing is said. */
  readonly tag?: string | undefined;
  /** The digest counts more than the tag. */
  readonly digest?: string | undefined;
}

/**
 * Brings one image of an OCI layout into the store, without a name there: what `oci-layout://` contexts are made of.
 *
 * Throws KilnError `content/broken-image`, `content/not-found`.
 *
 * @returns of the manifest or the index
 */
export async function importLayoutImage(
  store: ContentStore,
  directory: string,
  choice: LayoutChoice,
): Promise<Descriptor> {
  const source = new LayoutSource(directory, store);
  try {
    const index = source.file('index.json');
    if (!index) throw brokenImage(directory, 'there is no OCI layout here');
    const found = chooseImage(layoutManifests(source, index), choice);
    if (!found) throw notFound(directory, choice);
    const target = withoutNames(found);
    for (const blob of collectParts(source, target).blobs) await source.keep(blob);
    return target;
  } catch (cause) {
    throw explainBroken(directory, cause);
  }
}

function chooseImage(manifests: readonly Descriptor[], { tag, digest }: LayoutChoice): Descriptor | undefined {
  if (digest !== undefined) return manifests.find((descriptor) => descriptor.digest === digest);
  if (tag === undefined && manifests.length === 1) return manifests[0];
  const wanted = tag ?? 'latest';
  const byName = (key: string) => manifests.find(({ annotations = {} }) => annotations[key] === wanted);
  return byName(imageNameAnnotation) ?? byName(refNameAnnotation);
}

function notFound(directory: string, { tag = 'latest', digest }: LayoutChoice): KilnError {
  return new KilnError('content/not-found', `${directory}: there is no image ${digest ?? tag} in this OCI layout`);
}
