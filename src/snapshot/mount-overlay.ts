import { dirname } from 'node:path';
import { chdir, cwd } from 'node:process';
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

/** What mount(2) takes: a page, with the zero at its end. */
const longestOptions = 4095;

/**
 * Mounts an overlay.
 *
 * All options together must fit into a page. Where they do not, the layers, which lie side by side, are named relative to
 * their parent directory: then some 500 fit, which is also what the kernel takes.
 *
 * @see https://docs.kernel.org/filesystems/overlayfs.html
 */
export function mountOverlay(request: OverlayRequest): void {
  const { lowers, target, upper } = request;
  const flags = upper === undefined ? mountFlags.MS_RDONLY : 0;
  const mountWith = (data: string) => {
    mount({ source: 'overlay', target, type: 'overlay', flags, data });
  };
  const data = overlayOptions(request, lowers);
  if (Buffer.byteLength(data) <= longestOptions) {
    mountWith(data);
    return;
  }
  const parent = dirname(dirname(lowers[0] ?? ''));
  const names = lowers.map((path) => (path.startsWith(`${parent}/`) ? path.slice(parent.length + 1) : path));
  const before = cwd();
  chdir(parent);
  try {
    mountWith(overlayOptions(request, names));
  } finally {
    chdir(before);
  }
}

function overlayOptions({ upper, work, userXattr }: OverlayRequest, lowers: readonly string[]): string {
  const changes = upper !== undefined && work !== undefined ? { upperdir: upper, workdir: work } : {};
  return [
    `lowerdir=${lowers.map(escapeOption).reverse().join(':')}`,
    ...Object.entries(changes).map(([name, path]) => `${name}=${escapeOption(path)}`),
    ...['index=off', 'redirect_dir=off', 'metacopy=off'],
    ...(userXattr ? ['userxattr'] : []),
  ].join(',');
}

/** Colons part layers, commas options. */
function escapeOption(path: string): string {
  return path.replace(/[\\:,]/g, '\\$&');
}
