import { constants } from 'node:fs';
import { copyFile, open } from 'node:fs/promises';
import { dataExtents } from '../system/data-extents.ts';
import { isSystemError } from '../system/system-error.ts';
import { fsPath } from './binary-path.ts';
import { readFlags } from './read-flags.ts';
import type { Pacer } from '../system/pacer.ts';

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
  /** It has holes, which take no room and are not to take any in the copy. */
  readonly isSparse: boolean;
  readonly pacer: Pacer;
}

/** Copies the content of a file, holes as holes, and without a byte being copied where the file system can share them. */
export async function copyLargeFile({ source, target, size, isSparse, pacer }: LargeFile): Promise<void> {
  if (size < huge && !isSparse) {
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
  await using from = await open(fsPath(source), readFlags);
  await using to = await open(fsPath(target), 'w');
  const chunk = Buffer.allocUnsafeSlow(chunkSize);
  const { size } = await from.stat();
  for (const { start, end } of dataExtents(from.fd, size)) {
    for (let place = start; place < end;) {
      const { bytesRead } = await from.read(chunk, 0, Math.min(chunkSize, end - place), place);
      // It shrank: whoever looks at it next will say so.
      if (bytesRead === 0) return;
      for (let at = 0; at < bytesRead;) at += (await to.write(chunk, at, bytesRead - at, place + at)).bytesWritten;
      place += bytesRead;
      pacer.check();
    }
  }
  await to.truncate(size);
}
