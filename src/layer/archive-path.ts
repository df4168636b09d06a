import { KilnError } from '../diagnostic/kiln-error.ts';
import { quote } from '../spec/quote.ts';
import { cleanPath } from '../spec/slash-path.ts';

/** PATH_MAX. */
const longest = 4096;

/**
 * The path of an entry below the directory that it is unpacked to: relative and clean, empty for the directory itself.
 * Absolute paths are meant to be below it too.
 *
 * Throws KilnError `layer/unsafe-path` for one that would lead out.
 */
export function archivePath(path: string): string {
  if (path.length > longest) throw unsafePath(`${path.slice(0, 60)}...`, 'it is longer than the kernel takes');
  if (path.split('/').includes('..')) throw unsafePath(path, 'a layer must not name anything outside of the image');
  return cleanPath(`/${path}`).slice(1);
}

/** KilnError `layer/unsafe-path`. */
export function unsafePath(path: string, hint: string): KilnError {
  return new KilnError('layer/unsafe-path', `the layer has an unsafe path: ${quote(path)}`, { hint });
}
