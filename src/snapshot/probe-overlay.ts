import { closeSync, lstatSync, mkdirSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
import { join } from 'node:path';
import { isOpaque, isWhiteout } from '../layer/overlay-marks.ts';
import { unmountAside } from '../system/mount.ts';
import { mountOverlay } from '../system/overlay.ts';

/**
 * Tries whether overlayfs can be mounted on a file system, and can keep there what is gone; takes about a millisecond.
 *
 * @param place an empty directory, which is not empty afterwards
 * @param discard removes it, when what is mounted there is not any more
 * @returns why it cannot be used: the name of an error, such as `EINVAL`; undefined if it can
 */
export function probeOverlay(
  place: string,
  userXattr: boolean,
  discard: (unmounted?: Promise<void>) => void,
): string | undefined {
  const [lower, upper, work, target] = ['lower', 'upper', 'work', 'target'].map((name) => join(place, name)) as [
    string,
    string,
    string,
    string,
  ];
  for (const path of [lower, upper, work, target, join(lower, 'folder')]) mkdirSync(path);
  closeSync(openSync(join(lower, 'file'), 'wx'));
  try {
    mountOverlay({ lowers: [lower], upper, work, target, userXattr });
  } catch (error) {
    discard();
    return codeOf(error);
  }
  try {
    unlinkSync(join(target, 'file'));
    rmdirSync(join(target, 'folder'));
    mkdirSync(join(target, 'folder'));
    const file = join(upper, 'file');
    const isUsable = isWhiteout(file, lstatSync(file, { bigint: true })) && isOpaque(join(upper, 'folder'));
    return isUsable ? undefined : 'no whiteouts';
  } catch (error) {
    return codeOf(error);
  } finally {
    discard(unmountAside(target));
  }
}

/** What the kernel refuses is an answer, anything else a mistake of ours. */
function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error) return String(error.code);
  throw error;
}
