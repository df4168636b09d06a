import { loadArchive } from '../../content/load-archive.ts';
import type { LoadedImage } from '../../content/load-images.ts';
import { loadLayoutDirectory } from '../../content/load-layout.ts';
import { openContentStore } from '../../content/store.ts';
import { readUnpackLimits } from '../../system/unpack-limits.ts';
import { isDirectory } from '../is-directory.ts';
import { withSystemErrors } from './explain-system-error.ts';

/**
 * Loads the images of an archive, or of a directory that is an OCI image layout.
 *
 * Throws KilnError `content/...`, `system/unpack-limit`, `system/unpack-limit-value`, `engine/system`.
 *
 * @param store absolute path of the store
 * @param input path, or a stream
 * @param env of the process: limits are in it
 */
export async function loadInto(
  store: string,
  input: string | AsyncIterable<Uint8Array>,
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<readonly LoadedImage[]> {
  const limits = readUnpackLimits(env);
  return withSystemErrors(async () => {
    await using content = openContentStore(store);
    const isLayout = typeof input === 'string' && isDirectory(input);
    return isLayout ? await loadLayoutDirectory(content, input) : await loadArchive(content, input, limits);
  });
}
