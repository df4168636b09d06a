import { formatPlatformAll } from '../spec/platform.ts';
import type { Platform } from '../spec/platform.ts';

/** A file system to export. */
export interface FileTree {
  /** Path of the host where it is mounted. */
  readonly root: string;
  /** For a directory of its own, if `split`; and for messages. */
  readonly platform: Platform;
}

export interface TreeOptions {
  /** Whether each platform gets a directory of its own, such as `linux_amd64`. */
  readonly split: boolean;
  /** The time of last modification of everything: SOURCE_DATE_EPOCH, in seconds. */
  readonly epoch?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The directory of a platform, as BuildKit names it. */
export function platformFolder(platform: Platform): string {
  return formatPlatformAll(platform).replaceAll('/', '_');
}
