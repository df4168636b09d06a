import { readdirSync, readFileSync } from 'node:fs';

/** What a file of /proc says; empty if it is gone: processes come and go. */
export function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

/** The names in a directory of /proc; none if it is gone. */
export function list(path: string): readonly string[] {
  try {
    return readdirSync(path);
  } catch {
    return [];
  }
}
