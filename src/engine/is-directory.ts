import { statSync } from 'node:fs';

/** Whether a path leads to a directory. What cannot be looked at is none; reading it will say why. */
export function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
