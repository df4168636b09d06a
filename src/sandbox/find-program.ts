import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Path of a program that a shell would find; undefined if it is not installed. */
export function findProgram(name: string, searchPath: string): string | undefined {
  const candidates = name.includes('/')
    ? [name]
    : searchPath.split(delimiter).map((folder) => join(folder === '' ? '.' : folder, name));
  return candidates.find((path) => {
    try {
      accessSync(path, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
