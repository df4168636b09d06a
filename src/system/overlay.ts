import { closeSync, constants, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { cFunction } from './c-library.ts';
import { mount, mountFlags, type MountRequest } from './mount.ts';
import { checked, isSystemError } from './system-error.ts';

const chdirCall = cFunction('int chdir(const char *)');
const fchdirCall = cFunction('int fchdir(int)');

/** The kernel takes a page of options, the NUL at the end included. */
const mostOptions = 4095 - ',volatile'.length;

export interface OverlayRequest {
  /** Bottom first; at least one, and two without `upper`. All are directories. */
  readonly lowers: readonly string[];
  /** Where changes go; absent for an overlay that is only read. */
  readonly upper?: string;
  /** An empty directory on the file system of `upper`, for overlayfs alone. */
  readonly work?: string;
  readonly target: string;
  /** Marks go into `user.overlay.*` attributes: what a user namespace can have. */
  readonly userXattr: boolean;
}

/**
 * Mounts an overlay whose upper directory can be read by others: no index, no redirects, no data elsewhere.
 * https://docs.kernel.org/filesystems/overlayfs.html
 */
export function mountOverlay({ lowers, upper, work, target, userXattr }: OverlayRequest): void {
  const request = (layers: readonly string[]): string =>
    [
      `lowerdir=${layers.toReversed().map(escapeLayer).join(':')}`,
      ...(upper === undefined || work === undefined
        ? []
        : [`upperdir=${escapeOption(upper)}`, `workdir=${escapeOption(work)}`]),
      ...['index=off', 'metacopy=off', 'xino=off'],
      // With the first there are no redirects, and the second may not be said.
      userXattr ? 'userxattr' : 'redirect_dir=off',
    ].join(',');
  const mountWith = (data: string): void => {
    const request = { source: 'overlay', target, type: 'overlay' };
    if (upper === undefined) mount({ ...request, flags: mountFlags.MS_RDONLY, data });
    else mountVolatile({ ...request, data });
  };
  const data = request(lowers);
  if (Buffer.byteLength(data) <= mostOptions) {
    mountWith(data);
    return;
  }
  const parent = commonParent(lowers);
  inDirectory(parent, () => {
    mountWith(request(lowers.map((path) => path.slice(parent.length + 1))));
  });
}

/**
 * Without writing everything to the disk when it is unmounted, which takes milliseconds: a step whose machine dies is run
 * again. Linux 5.10; before, there is no such option.
 */
function mountVolatile(request: MountRequest & { readonly data: string }): void {
  try {
    mount({ ...request, data: `${request.data},volatile` });
  } catch (error) {
    if (!isSystemError(error, 'EINVAL')) throw error;
    mount(request);
  }
}

/** Not `process.chdir`, which threads do not have. Nothing else of this thread runs in between. */
function inDirectory(path: string, action: () => void): void {
  const before = openSync('.', constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    checked(chdirCall(path), 'chdir', path);
    action();
  } finally {
    fchdirCall(before);
    closeSync(before);
  }
}

function commonParent(paths: readonly string[]): string {
  return paths.map(dirname).reduce((common, path) => {
    let shared = common;
    while (path !== shared && !path.startsWith(shared === '/' ? '/' : `${shared}/`)) shared = dirname(shared);
    return shared === '/' ? '' : shared;
  });
}

/** A colon parts layers, a comma options. */
function escapeLayer(path: string): string {
  return escapeOption(path).replaceAll(':', '\\:');
}

function escapeOption(path: string): string {
  return path.replace(/[\\,]/g, '\\$&');
}
