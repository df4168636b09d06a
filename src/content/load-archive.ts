import { createReadStream } from 'node:fs';
import { ArchiveSource } from './archive-source.ts';
import { brokenImage, explainBroken } from './broken-image.ts';
import { isSystemError } from '../system/system-error.ts';
import { KilnError } from '../diagnostic/kiln-error.ts';
import type { UnpackLimits } from '../system/unpack-limits.ts';
import { loadImages } from './load-images.ts';
import type { LoadedImage } from './load-images.ts';
import type { ContentStore } from './store.ts';

/**
 * Loads all images of an archive: an OCI layout in a tar, or what `docker save` writes, compressed with gzip or zstd or not at
 * all. Every digest is verified; if anything is wrong, nothing is loaded.
 *
 * Throws KilnError `content/broken-image`, `content/not-found`, `system/unpack-limit`.
 *
 * @param from path of a file, or a stream such as standard input
 * @param limits of the archive; the default ones if absent
 */
export async function loadArchive(
  store: ContentStore,
  from: string | AsyncIterable<Uint8Array>,
  limits?: UnpackLimits,
): Promise<readonly LoadedImage[]> {
  const name = typeof from === 'string' ? from : 'standard input';
  const stream = typeof from === 'string' ? createReadStream(from, { highWaterMark: 1 << 18 }) : undefined;
  try {
    await using source = new ArchiveSource(name, store, limits);
    await source.load(stream ?? (from as AsyncIterable<Uint8Array>));
    const images = await loadImages(store, source);
    if (images.length === 0) throw brokenImage(name, 'there is no image in it');
    return images;
  } catch (cause) {
    if (isSystemError(cause, 'ENOENT', 'EISDIR', 'EACCES') && stream) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new KilnError('content/not-found', `cannot read ${name}: ${reason}`, { cause });
    }
    throw explainBroken(name, cause);
  } finally {
    stream?.destroy();
  }
}
