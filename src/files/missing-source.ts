import type { KilnError } from '../diagnostic/kiln-error.ts';
import { suggest } from '../diagnostic/suggest.ts';
import { isSystemError } from '../system/system-error.ts';
import { parentPath } from '../spec/slash-path.ts';
import { baseName, childPath, toText } from './binary-path.ts';
import { notFoundError } from './file-error.ts';
import type { TreeReader } from './tree-reader.ts';

/** The error for a source that is not there, with a guess why. */
export function missingSource(reader: TreeReader, path: string): KilnError {
  return notFoundError(path, hintFor(reader, path));
}

function hintFor(reader: TreeReader, path: string): string {
  try {
    if (reader.tree.ignore && reader.statAll(path)) return 'it is there, but .dockerignore excludes it';
    const parent = parentPath(path);
    const name = suggest(baseName(path), reader.stat(parent) ? reader.children(parent).map((child) => child.name) : []);
    if (name !== undefined) return `did you mean ${toText(childPath(parent, name))}?`;
  } catch (error) {
    // It is a guess; what is wrong has been found.
    if (!isSystemError(error, 'ENOTDIR', 'EACCES', 'ENAMETOOLONG', 'ELOOP', 'ENOENT')) throw error;
  }
  return reader.tree.kind === 'context'
    ? 'sources are paths in the build context; what .dockerignore excludes is not there'
    : 'sources are paths from the root of the stage or image, whatever its WORKDIR';
}
