import { createHash, randomBytes } from 'node:crypto';
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { tryLockFile } from '../system/flock.ts';
import { isSystemError } from '../system/system-error.ts';

/** Something that gets its name when it is whole. It is locked until it is closed. */
export interface Aside {
  readonly path: string;
  /** Open for writing if it is a file. */
  readonly fd: number;
}

/**
 * Makes a file or a directory beside a destination. What killed processes have left for the same destination is removed. The
 * name does not depend on the length of the other. Throws system errors.
 */
export function makeAside(destination: string, kind: 'file' | 'directory'): Aside {
  const folder = dirname(destination);
  const start = `.kiln-${createHash('sha256').update(basename(destination)).digest('hex').slice(0, 12)}-`;
  removeAbandoned(folder, start);
  for (;;) {
    const path = join(folder, start + randomBytes(6).toString('hex'));
    if (kind === 'directory') mkdirSync(path);
    const fd = openSync(path, kind === 'file' ? 'wx' : 'r', 0o666);
    // Another process may have taken it for abandoned in between.
    if (tryLockFile(fd, 'exclusive') && fstatSync(fd).nlink > 0) return { path, fd };
    closeSync(fd);
  }
}

/** Closes and removes what did not become whole. */
export function discardAside({ path, fd }: Aside): void {
  rmSync(path, { recursive: true, force: true });
  closeSync(fd);
}

function removeAbandoned(folder: string, start: string): void {
  for (const name of readdirSync(folder)) {
    if (!name.startsWith(start)) continue;
    const path = join(folder, name);
    try {
      const fd = openSync(path, 'r');
      try {
        if (tryLockFile(fd, 'exclusive')) rmSync(path, { recursive: true, force: true });
      } finally {
        closeSync(fd);
      }
    } catch (error) {
      // It is that of somebody else, or it has just got its name.
      if (!isSystemError(error, 'ENOENT', 'EACCES', 'EPERM')) throw error;
    }
  }
}
