import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../bench/command.ts';

/** A file system of its own, which can be filled up. */
export interface SmallDisk extends AsyncDisposable {
  readonly folder: string;
}

export interface SmallDiskOptions {
  /** Where its image and its mount point are made. */
  readonly place: string;
  readonly mebibytes: number;
  /** As many as mkfs thinks if absent. */
  readonly inodes?: number;
}

/** Makes an ext4. Needs root. */
export async function makeSmallDisk({ place, mebibytes, inodes }: SmallDiskOptions): Promise<SmallDisk> {
  const [image, folder] = [join(place, 'small-image'), join(place, 'small')];
  mkdirSync(folder, { recursive: true });
  const run = (program: string, ...args: readonly string[]) => runCommand({ program, args });
  await run('truncate', '-s', `${mebibytes}M`, image);
  await run('mkfs.ext4', '-q', '-F', '-m', '0', ...(inodes === undefined ? [] : ['-N', String(inodes)]), image);
  await run('mount', '-o', 'loop', image, folder);
  return {
    folder,
    [Symbol.asyncDispose]: async () => {
      await run('umount', folder).catch(() => run('umount', '-l', folder));
      rmSync(image);
      rmSync(folder, { recursive: true });
    },
  };
}

/** Bytes that can be written still. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Files that can be made still. */
export function freeInodes(folder: string): number {
  return statfsSync(folder).ffree;
}

/** Leaves so many bytes free, until it is disposed of. */
export async function fillBytes(folder: string, free: number): Promise<Disposable> {
  const filler = join(folder, 'filler');
  const size = freeBytes(folder) - free;
  // What the file system needs for the filler itself is little.
  if (size > 0) await runCommand({ program: 'fallocate', args: ['-l', String(size), filler] });
  return {
    [Symbol.dispose]: () => {
      rmSync(filler, { force: true });
    },
  };
}

/** Leaves so many files free, until it is disposed of. */
export function fillInodes(folder: string, free: number): Disposable {
  const fillers = join(folder, 'fillers');
  mkdirSync(fillers);
  for (let left = freeInodes(folder) - free; left > 0; left--) writeFileSync(join(fillers, String(left)), '');
  return {
    [Symbol.dispose]: () => {
      rmSync(fillers, { recursive: true });
    },
  };
}
