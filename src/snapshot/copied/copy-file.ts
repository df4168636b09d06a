import { constants, copyFileSync } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { dataExtents } from '../../system/data-extents.ts';
import { fsPath } from '../../layer/host-path.ts';
import type { FileStat } from '../../system/file-stat.ts';

/** Size in bytes from which on a file is copied on another thread. */
const large = 1024n * 1024n;
const chunkSize = 1024 * 1024;
const { COPYFILE_EXCL, COPYFILE_FICLONE, COPYFILE_FICLONE_FORCE } = constants;

export interface FileCopy {
  readonly source: string;
  /** There is nothing yet. */
  readonly target: string;
  readonly stat: FileStat;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Copies the content of a file. Where the file system can share it, nothing is copied; holes stay holes.
 *
 * @returns a promise if it takes longer
 */
export function copyFileContent(copy: FileCopy): Promise<void> | undefined {
  const { source, target, stat } = copy;
  if (stat.size >= large)
    return isSparse(stat)
      ? copySparse(copy)
      : copyFile(fsPath(source), fsPath(target), COPYFILE_FICLONE | COPYFILE_EXCL);
  copyFileSync(fsPath(source), fsPath(target), COPYFILE_FICLONE | COPYFILE_EXCL);
  return undefined;
}

function isSparse({ size, blocks }: FileStat): boolean {
  return blocks * 512n < size;
}

async function copySparse({ source, target, stat, signal }: FileCopy): Promise<void> {
  try {
    await copyFile(fsPath(source), fsPath(target), COPYFILE_FICLONE_FORCE | COPYFILE_EXCL);
    return;
  } catch {
    // Most file systems cannot. Whatever else is wrong, is wrong below, too.
  }
  await using from = await open(fsPath(source), 'r');
  await using to = await open(fsPath(target), 'w', 0o600);
  const size = Number(stat.size);
  const chunk = Buffer.allocUnsafeSlow(chunkSize);
  for (const { start, end } of dataExtents(from.fd, size)) {
    for (let place = start; place < end;) {
      signal?.throwIfAborted();
      const { bytesRead } = await from.read(chunk, 0, Math.min(chunkSize, end - place), place);
      for (let at = 0; at < bytesRead;) at += (await to.write(chunk, at, bytesRead - at, place + at)).bytesWritten;
      // A layer does not change; if it does, its digest will say so.
      place = bytesRead === 0 ? end : place + bytesRead;
    }
  }
  await to.truncate(size);
}
