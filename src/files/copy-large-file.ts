import { constants } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { isSystemError } from '../system/system-error.ts';
import { fsPath } from './binary-path.ts';
import type { Pacer } from './pacer.ts';

/** Size in bytes from which on a copy takes so long that it must be possible to stop it. */
const huge = 64 * 1024 * 1024;
const chunkSize = 1024 * 1024;

/** A file that is copied off the main thread. */
export interface LargeFile {
  /** Binary host paths. */
  readonly source: string;
  readonly target: string;
  /** In bytes, as it is expected. */
  readonly size: bigint;
  readonly pacer: Pacer;
}

/** Copies the content of a file, without a byte being copied where the file system can share them. */
export async function copyLargeFile({ source, target, size, pacer }: LargeFile): Promise<void> {
  if (size < huge) {
    await copyFile(fsPath(source), fsPath(target), constants.COPYFILE_FICLONE);
    return;
  }
  try {
    await copyFile(fsPath(source), fsPath(target), constants.COPYFILE_FICLONE_FORCE);
  } catch (error) {
    if (!isSystemError(error, 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'EINVAL', 'ENOTTY', 'ENOSYS', 'EPERM')) throw error;
    await copyChunks(source, target, pacer);
  }
}

async function copyChunks(source: string, target: string, pacer: Pacer): Promise<void> {
  await using from = await open(fsPath(source), 'r');
  await using to = await open(fsPath(target), 'w');
  const chunk = Buffer.allocUnsafeSlow(chunkSize);
  for (;;) {
    const { bytesRead } = await from.read(chunk, 0, chunkSize, null);
    if (bytesRead === 0) return;
    for (let at = 0; at < bytesRead;) at += (await to.write(chunk, at, bytesRead - at)).bytesWritten;
    pacer.check();
  }
}
