import { chmodSync, chownSync, mkdtempSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { reasonOf } from '../engine/index.ts';

/**
 * Puts new content into a file that exists: written aside and renamed, so that it is never half written. Owner and mode
 * stay; of a link, the file it leads to is replaced.
 *
 * Throws KilnError `cli/write-failed`.
 */
export function replaceFile(path: string, bytes: Uint8Array): void {
  let aside: string | undefined;
  try {
    const file = realpathSync(path);
    aside = mkdtempSync(join(dirname(file), '.kiln-'));
    const written = join(aside, 'new');
    writeFileSync(written, bytes, { flush: true });
    keepOwnerAndMode(file, written);
    renameSync(written, file);
  } catch (cause) {
    const hint = 'the file is as it was';
    throw new KilnError('cli/write-failed', `cannot write ${path}: ${reasonOf(cause)}`, { hint, cause });
  } finally {
    if (aside !== undefined) rmSync(aside, { recursive: true, force: true });
  }
}

function keepOwnerAndMode(from: string, to: string): void {
  const wanted = statSync(from);
  const { uid, gid } = statSync(to);
  if (wanted.uid !== uid || wanted.gid !== gid) chownSync(to, wanted.uid, wanted.gid);
  chmodSync(to, wanted.mode & 0o7777);
}
