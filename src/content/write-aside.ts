import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/** Puts bytes into a file that is never seen half written; what was there is replaced. The mode is 0600 unless given. */
export function writeFileAside(path: string, bytes: Uint8Array | string, mode = 0o600): void {
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    const fd = openSync(aside, 'wx', mode);
    try {
      const content = typeof bytes === 'string' ? Buffer.from(bytes) : bytes;
      for (let at = 0; at < content.length;) at += writeSync(fd, content, at);
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(aside, path);
  } catch (error) {
    rmSync(aside, { force: true });
    throw error;
  }
}
