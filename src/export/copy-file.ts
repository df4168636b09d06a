import { constants, statSync } from 'node:fs';
import { copyFile as copy, open } from 'node:fs/promises';
import { isSystemError } from '../system/system-error.ts';

/** Bytes. */
const chunkSize = 1 << 20;

/** From this size on, in bytes, a copy takes so long that it must be possible to stop it. */
const huge = 64 << 20;

/**
 * Copies a file to a path where there is none, without a byte being copied where the file system can share them.
 *
 * Throws system errors, and the reason of the signal.
 */
export async function copyFile(from: string | Buffer, to: string | Buffer, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  const isHuge = statSync(from).size >= huge;
  const sharing = isHuge ? constants.COPYFILE_FICLONE_FORCE : constants.COPYFILE_FICLONE;
  try {
    await copy(from, to, constants.COPYFILE_EXCL | sharing);
  } catch (error) {
    const cannotShare = isSystemError(error, 'ENOTSUP', 'EOPNOTSUPP', 'EXDEV', 'EINVAL', 'ENOTTY', 'ENOSYS', 'EPERM');
    if (!isHuge || !cannotShare) throw error;
    await copyChunks(from, to, signal);
  }
}

async function copyChunks(from: string | Buffer, to: string | Buffer, signal?: AbortSignal): Promise<void> {
  await using source = await open(from, 'r');
  await using target = await open(to, 'wx');
  const chunk = Buffer.allocUnsafeSlow(chunkSize);
  for (;;) {
    const { bytesRead } = await source.read(chunk, 0, chunkSize, null);
    if (bytesRead === 0) return;
    for (let at = 0; at < bytesRead;) at += (await target.write(chunk, at, bytesRead - at)).bytesWritten;
    signal?.throwIfAborted();
  }
}
