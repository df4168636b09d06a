import type { WantedAttributes } from './attributes.ts';
import { baseName, childPath } from './binary-path.ts';
import type { Destination } from './destination.ts';

/** What is going to be copied. */
export interface Incoming {
  /** Its last name counts if it goes into a directory; binary. */
  readonly name: string;
  readonly isDirectory: boolean;
}

/**
 * The place that something is copied to, with the directory of the place made, and for a directory the place, too.
 *
 * @param to absolute, binary; a slash at the end makes it a directory.
 */
export function prepareTarget(
  destination: Destination,
  incoming: Incoming,
  to: string,
  wanted: WantedAttributes,
): string {
  const bits = wanted.mode?.kind === 'octal' ? wanted.mode.mode & 0o777 : 0o755;
  const directory = /\/\.?$/.test(to) ? to : to.replace(/[^/]*$/, '');
  destination.makeDirectories(destination.locate(directory), bits, wanted);
  const place = destination.locate(to);
  if (!incoming.isDirectory) {
    return destination.isDirectory(place) ? childPath(place, baseName(incoming.name)) : place;
  }
  if (!destination.files.stat(place)) destination.makeDirectories(place, bits, wanted);
  return place;
}
