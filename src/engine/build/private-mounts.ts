import { enterPrivateMounts } from '../../system/mount.ts';
import { isSystemError } from '../../system/system-error.ts';

/**
 * Gives this process mounts of its own. To be called before anything is done in other threads.
 *
 * @returns why there can be no mounts, the name of an error, such as in a container without privileges; undefined if there can
 */
export function openPrivateMounts(): string | undefined {
  try {
    enterPrivateMounts();
    return undefined;
  } catch (error) {
    if (!isSystemError(error, 'EPERM', 'EACCES', 'ENOSYS')) throw error;
    return String((error as NodeJS.ErrnoException).code);
  }
}
