import { closeSync, constants, mkdirSync, openSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { cFunction } from './c-library.ts';
import { mount, mountFlags, unmount, type MountRequest } from './mount.ts';
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

/** What the kernel stacks at most, with some to spare. */
const mostLowers = 490;

/**
 * Mounts an overlay whose upper directory can be read by others: no index, no redirects, no data elsewhere. If there are more
 * layers than the kernel takes, those at the bottom become an overlay of their own.
 * https://docs.kernel.org/filesystems/overlayfs.html
 *
 * Throws KilnError `system/too-many-layers` for twice as many.
 */
export function mountOverlay(wanted: OverlayRequest): void {
  const lowers = withoutDuplicates(wanted.lowers);
  const request = { ...wanted, lowers };
  if (lowers.length >= 2 * mostLowers) throw tooManyLayers(lowers.length);
  const isShort = Buffer.byteLength(optionsOf(request, lowers)) <= mostOptions;
  if (isShort && lowers.length <= mostLowers) mountLayers(request, lowers);
  else mountShortNames(request);
}

/** A layer hides all that it says farther down, where the kernel would refuse it. */
function withoutDuplicates(lowers: readonly string[]): readonly string[] {
  return new Set(lowers).size === lowers.length ? lowers : [...new Set(lowers.toReversed())].reverse();
}

function tooManyLayers(count: number): KilnError {
  return new KilnError('system/too-many-layers', `${count} layers are more than overlayfs can stack`, {
    hint: `put instructions together, or begin a stage anew with COPY --from=<stage> / /: ${2 * mostLowers - 1} layers are possible`,
  });
}

/** Layers by names of a character or two, from a directory of links to them. */
function mountShortNames(request: OverlayRequest): void {
  const { lowers, target, userXattr } = request;
  const links = `${target}-layers`;
  mkdirSync(links, { mode: 0o700 });
  try {
    const names = lowers.map((path, index) => {
      const name = index.toString(36);
      symlinkSync(path, join(links, name));
      return name;
    });
    inDirectory(links, () => {
      if (names.length <= mostLowers) {
        mountLayers(request, names);
        return;
      }
      const below = join(links, 'below');
      mkdirSync(below, { mode: 0o700 });
      mountLayers({ target: below, userXattr }, names.slice(0, 1 - mostLowers));
      try {
        mountLayers(request, ['below', ...names.slice(1 - mostLowers)]);
      } finally {
        // The overlay above holds on to it.
        unmount(below, mountFlags.MNT_DETACH);
      }
    });
  } finally {
    rmSync(links, { recursive: true, force: true });
  }
}

function mountLayers(request: Omit<OverlayRequest, 'lowers'>, layers: readonly string[]): void {
  const overlay = { source: 'overlay', target: request.target, type: 'overlay', data: optionsOf(request, layers) };
  if (request.work === undefined) mount({ ...overlay, flags: mountFlags.MS_RDONLY });
  else mountVolatile(overlay, request.work);
}

function optionsOf({ upper, work, userXattr }: Omit<OverlayRequest, 'lowers'>, layers: readonly string[]): string {
  return [
    `lowerdir=${layers.toReversed().map(escapeLayer).join(':')}`,
    ...(upper === undefined || work === undefined
      ? []
      : [`upperdir=${escapeOption(upper)}`, `workdir=${escapeOption(work)}`]),
    ...['index=off', 'metacopy=off', 'xino=off'],
    // With the first there are no redirects, and the second may not be said.
    userXattr ? 'userxattr' : 'redirect_dir=off',
  ].join(',');
}

/**
 * Without writing everything to the disk when it is unmounted, which takes milliseconds: a step whose machine dies is run
 * again. Linux 5.10; before, there is no such option.
 */
function mountVolatile(request: MountRequest & { readonly data: string }, work: string): void {
  try {
    mount({ ...request, data: `${request.data},volatile` });
  } catch (error) {
    if (!isSystemError(error, 'EINVAL')) throw error;
    // A step that is prepared again has been mounted before, which is marked here; after a crash, its files are not used.
    rmSync(join(work, 'work', 'incompat'), { recursive: true, force: true });
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

/** A colon parts layers, a comma options. */
function escapeLayer(path: string): string {
  return escapeOption(path).replaceAll(':', '\\:');
}

function escapeOption(path: string): string {
  return path.replace(/[\\,]/g, '\\$&');
}
