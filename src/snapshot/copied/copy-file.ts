import { constants, copyFileSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { fsPath } from '../../layer/host-path.ts';

/** Size in bytes from which on a file is copied on another thread. */
const large = 1024n * 1024n;
const chunkSize = 1024 * 1024;
const { COPYFILE_EXCL, COPYFILE_FICLONE, COPYFILE_FICLONE_FORCE } = constants;

export interface FileCopy {
  readonly source: string;
  /** There is nothing yet. */
  readonly target: string;
  readonly stat: BigIntStats;
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

function isSparse({ size, blocks }: BigIntStats): boolean {
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
  const chunk = Buffer.allocUnsafeSlow(chunkSize);
  const zeros = Buffer.alloc(chunkSize);
  for (let at = 0; ;) {
    signal?.throwIfAborted();
    const { bytesRead } = await from.read(chunk, 0, chunkSize, at);
    if (bytesRead === 0) break;
    if (chunk.compare(zeros, 0, bytesRead, 0, bytesRead) !== 0) {
      for (let done = 0; done < bytesRead;) {
        done += (await to.write(chunk, done, bytesRead - done, at + done)).bytesWritten;
      }
    }
    at += bytesRead;
  }
  await to.truncate(Number(stat.size));
}
