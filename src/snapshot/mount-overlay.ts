import { dirname } from 'node:path';
import { mount, mountFlags } from '../system/mount.ts';

/** An overlay to mount. Without `upper` it is read-only, and has at least two layers. */
export interface OverlayRequest {
  /** Bottom first. */
  readonly lowers: readonly string[];
  readonly upper?: string;
  readonly work?: string;
  readonly target: string;
  readonly userXattr: boolean;
}

/**
 * Mounts an overlay. All options together must fit into a page, so the layers, which lie side by side, are named relative to
 * their parent directory: some 500 fit, which is also what the kernel takes.
 *
 * @see https://docs.kernel.org/filesystems/overlayfs.html
 */
export function mountOverlay({ lowers, upper, work, target, userXattr }: OverlayRequest): void {
  const parent = dirname(dirname(lowers[0] ?? ''));
  const names = [...lowers].reverse().map((path) => escapeOption(relativeTo(parent, path)));
  const options = [
    `lowerdir=${names.join(':')}`,
    ...(upper === undefined || work === undefined
      ? []
      : [`upperdir=${escapeOption(upper)}`, `workdir=${escapeOption(work)}`]),
    ...['index=off', 'redirect_dir=off', 'metacopy=off'],
    ...(userXattr ? ['userxattr'] : []),
  ];
  const flags = upper === undefined ? mountFlags.MS_RDONLY : 0;
  const before = process.cwd();
  process.chdir(parent);
  try {
    mount({ source: 'overlay', target, type: 'overlay', flags, data: options.join(',') });
  } finally {
    process.chdir(before);
  }
}

function relativeTo(parent: string, path: string): string {
  return path.startsWith(`${parent}/`) ? path.slice(parent.length + 1) : path;
}

/** Colons part layers, commas options. */
function escapeOption(path: string): string {
  return path.replace(/[\\:,]/g, '\\$&');
}
