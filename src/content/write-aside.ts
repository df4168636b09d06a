import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from 'node:fs';
import { removeIfPossible } from './store-failure.ts';

export interface AsideOptions {
  /** 0600 unless given. */
  readonly mode?: number;
  /** Where it is written before it is renamed, on the same file system; unless given, beside the file. */
  readonly aside?: string;
}

/** Puts bytes into a file that is never seen half written; what was there is replaced. */
export function writeFileAside(path: string, bytes: Uint8Array | string, options: AsideOptions = {}): void {
  const { mode = 0o600, aside = `${path}.${randomBytes(6).toString('hex')}` } = options;
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
    removeIfPossible(aside);
    throw error;
  }
}
