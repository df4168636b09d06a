import { childPath, toText } from './binary-path.ts';
import { checksumError } from './file-error.ts';
import type { TreeReader } from './tree-reader.ts';
import { createWildcard } from './wildcard.ts';

/** Patterns whose names can be matched one by one: no set in them can match a slash. */
const nameByName = /^(?:[^[\]\\]|\[[0-9A-Za-z_]+(?:-[0-9A-Za-z_])?\])*$/;

/**
 * What a pattern matches below a directory, relative to it, in the order of a walk. What is in a match is no match.
 *
 * @param directory without links.
 * @param pattern binary, relative.
 * @throws KilnError `files/bad-pattern`
 */
export function findMatches(reader: TreeReader, directory: string, pattern: string): readonly string[] {
  const wildcard = createWildcard(toText(pattern));
  const levels = nameByName.test(pattern) ? pattern.split('/').map((name) => createWildcard(toText(name))) : undefined;
  const found: string[] = [];
  const walk = (path: string, relative: string, depth: number): void => {
    for (const { name, isDirectory } of reader.children(path)) {
      // The reference notices a malformed pattern once there is something to match.
      if (!wildcard) throw badPattern();
      if (levels && !levels[depth]?.matches(toText(name))) continue;
      const below = childPath(relative, name);
      if (wildcard.matches(toText(below))) found.push(below);
      else if (isDirectory && (!levels || depth + 1 < levels.length)) walk(childPath(path, name), below, depth + 1);
    }
  };
  if (reader.stat(directory)?.isDirectory()) walk(directory, '', 0);
  return found;
}

function badPattern() {
  return checksumError(
    'files/bad-pattern',
    'syntax error in pattern',
    'check the brackets and backslashes of the source',
  );
}
