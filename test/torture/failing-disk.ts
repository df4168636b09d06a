import { closeSync, copyFileSync, mkdirSync, openSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../../bench/command.ts';
import { cFunction, errno } from '../../src/system/c-library.ts';

/** A file system on a disk that can be made to fail. */
export interface FailingDisk extends AsyncDisposable {
  readonly folder: string;
  /** In bytes. */
  readonly size: number;
  /** From now on, nothing can be read from or written to what is behind an offset, in bytes; what is there stays. */
  readonly failFrom: (offset: number) => void;
  /** Makes it work again, and looks after the file system as one does after such a thing. Nothing is in memory afterwards. */
  readonly heal: () => Promise<void>;
  /** Keeps what is on it. */
  readonly keep: () => Promise<void>;
  /** Makes it work again, with what was kept. */
  readonly restore: () => Promise<void>;
}

/**
 * Makes one: an ext4 on a loop device on a loop device, of which the lower can be made shorter while it is used; the upper does
 * not see that, and gives EIO for what is not there, as a disk does. Needs root.
 */
export async function makeFailingDisk(place: string, mebibytes: number): Promise<FailingDisk> {
  const [image, kept, folder] = ['failing-image', 'failing-kept', 'failing'].map((name) => join(place, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(folder);
  const run = (program: string, ...args: readonly string[]) => runCommand({ program, args });
  await run('truncate', '-s', `${mebibytes}M`, image);
  await run('mkfs.ext4', '-q', '-F', '-m', '0', image);
  const lower = (await run('losetup', '--find', '--show', image)).trim();
  // Past the memory of the lower one, which would answer for it.
  const device = (await run('losetup', '--find', '--show', '--direct-io=on', lower)).trim();
  const flush = async () => {
    for (const one of [device, lower]) await run('blockdev', '--flushbufs', one);
  };
  const mount = () => run('mount', device, folder);
  const unmount = async () => {
    await run('umount', folder);
    limitDevice(lower, 0);
    await flush();
  };
  await mount();
  return {
    folder,
    size: mebibytes * 2 ** 20,
    failFrom: (offset) => {
      limitDevice(lower, Math.max(4096, offset - (offset % 4096)));
    },
    heal: async () => {
      await unmount();
      await run('sh', '-c', repairing, 'sh', device);
      await mount();
    },
    keep: async () => {
      await unmount();
      copyFileSync(image, kept);
      await mount();
    },
    restore: async () => {
      await unmount();
      copyFileSync(kept, image);
      await flush();
      await mount();
    },
    [Symbol.asyncDispose]: async () => {
      await unmount().catch(() => undefined);
      for (const one of [device, lower]) await run('losetup', '--detach', one).catch(() => undefined);
      for (const path of [image, kept, folder]) rmSync(path, { recursive: true, force: true });
    },
  };
}

/** Again, if somebody has it mounted still who is about to end. Less than 4: there is nothing wrong any more. */
const repairing = `
  for count in $(seq 50); do
    said=$(e2fsck -f -y "$1" 2>&1)
    [ $? -lt 4 ] && exit 0
    sleep 0.2
  done
  echo "$said" >&2
  exit 1`;

const getStatus = 0x4c05;
const setStatus = 0x4c04;
/** Bytes of `struct loop_info64`, and where in it `lo_sizelimit` is. */
const infoSize = 232;
const limitOffset = 32;

/** How much of its file a loop device has; 0 for all. See loop(4). */
function limitDevice(device: string, bytes: number): void {
  const ioctl = cFunction('int ioctl(int, unsigned long, void *)');
  const info = Buffer.alloc(infoSize);
  const fd = openSync(device, 'r');
  try {
    const set = (request: number) => {
      if (ioctl(fd, request, info) < 0) throw new Error(`${device}: error ${errno()} of ioctl`);
    };
    set(getStatus);
    info.writeBigUInt64LE(BigInt(bytes), limitOffset);
    set(setStatus);
  } finally {
    closeSync(fd);
  }
}
