import { lstatSync, readlinkSync } from 'node:fs';
import { KilnError } from '../diagnostic/kiln-error.ts';

/** As many symlinks as the kernel follows. */
const mostLinks = 255;

/**
 * The path of something inside a root, with all symlinks resolved as a process sees them whose root it is. What does not exist
 * stands for itself. Not safe against somebody who changes the root meanwhile.
 *
 * @returns an absolute path inside the root: `/` for the root itself
 */
export function resolveInRoot(root: string, path: string): string {
  const rest = path.split('/').reverse();
  let resolved: string[] = [];
  for (let links = 0; rest.length > 0;) {
    const name = rest.pop() ?? '';
    if (name === '' || name === '.') continue;
    if (name === '..') {
      resolved.pop();
      continue;
    }
    const target = linkTarget(`${root}/${[...resolved, name].join('/')}`);
    if (target === undefined) {
      resolved.push(name);
      continue;
    }
    if (++links > mostLinks) throw new KilnError('sandbox/symlinks', `too many symbolic links in ${path}`);
    if (target.startsWith('/')) resolved = [];
    rest.push(...target.split('/').reverse());
  }
  return `/${resolved.join('/')}`;
}

function linkTarget(path: string): string | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() ? readlinkSync(path) : undefined;
  } catch {
    // Below something that is no directory.
    return undefined;
  }
}
