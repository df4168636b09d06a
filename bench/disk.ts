import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from './command.ts';

/** Where everything that is compared lies. */
export interface Disk {
  /** A new journalled ext4: stores, contexts and outputs. */
  readonly folder: string;
  /** In memory, for sockets and what daemons keep under /run. */
  readonly runtime: string;
  /** Writes to the disk what is still to be written, so that one builder does not pay for another. */
  settle(): Promise<void>;
  /** Unmounts and deletes it. */
  remove(): Promise<void>;
}

/** Makes a disk of at most so many GiB in the temporary folder; it takes what is written to it. Needs root. */
export async function makeDisk(gibibytes: number): Promise<Disk> {
  const place = mkdtempSync(join(tmpdir(), 'kiln-bench-'));
  const [image, folder, runtime] = [join(place, 'image'), join(place, 'disk'), join(place, 'run')];
  const remove = async () => {
    for (const mounted of [folder, runtime]) {
      // Builders leave mounts below theirs.
      await run('umount', '-R', mounted).catch(() => run('umount', '-R', '-l', mounted).catch(() => undefined));
    }
    rmSync(place, { recursive: true, force: true });
  };
  try {
    mkdirSync(folder);
    mkdirSync(runtime);
    await run('truncate', '-s', `${gibibytes}G`, image);
    // Nothing is left for the kernel to do in the background, while something is timed.
    await run('mkfs.ext4', '-q', '-F', '-E', 'lazy_itable_init=0,lazy_journal_init=0', image);
    await run('mount', '-o', 'loop', image, folder);
    await run('mount', '-t', 'tmpfs', 'tmpfs', runtime);
  } catch (error) {
    await remove();
    throw error;
  }
  return { folder, runtime, settle: () => run('sync', '-f', folder), remove };
}

async function run(program: string, ...args: readonly string[]): Promise<void> {
  await runCommand({ program, args });
}
