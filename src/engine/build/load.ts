import { loadArchive } from '../../content/load-archive.ts';
import type { LoadedImage } from '../../content/load-images.ts';
import { loadLayoutDirectory } from '../../content/load-layout.ts';
import { openContentStore } from '../../content/store.ts';
import { isDirectory } from '../is-directory.ts';

/**
 * Loads the images of an archive, or of a directory that is an OCI image layout.
 *
 * Throws KilnError `content/...`.
 *
 * @param store absolute path of the store
 * @param input path, or a stream
 */
export async function loadInto(
  store: string,
  input: string | AsyncIterable<Uint8Array>,
): Promise<readonly LoadedImage[]> {
  await using content = openContentStore(store);
  const isLayout = typeof input === 'string' && isDirectory(input);
  return isLayout ? await loadLayoutDirectory(content, input) : await loadArchive(content, input);
}
