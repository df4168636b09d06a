import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSystemError } from './system-error.ts';

/**
 * Makes a directory and those above it that are missing. Where the kernel makes none, as in /proc, it says so; Node's own
 * `recursive` tries for ever there.
 *
 * @param path absolute
 */
export function makeDirectories(path: string, mode = 0o777): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    if (isSystemError(error, 'EEXIST')) return;
    if (!isSystemError(error, 'ENOENT') || dirname(path) === path) throw error;
    makeDirectories(dirname(path), mode);
    makeLast(path, mode);
  }
}

function makeLast(path: string, mode: number): void {
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    // Another process may have been here.
    if (!isSystemError(error, 'EEXIST')) throw error;
  }
}
