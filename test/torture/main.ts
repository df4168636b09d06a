import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { makeDisk } from '../../bench/disk.ts';
import { enterPrivateMounts } from '../../src/system/mount.ts';
import { crowd } from './crowd.ts';
import type { Form } from './form.ts';
import { fullDisk } from './full-disk.ts';
import { ioErrors } from './io-errors.ts';
import { kills } from './kills.ts';
import { load } from './load.ts';

/*
 * npm run torture [-- --only NAME] [--seed S] [--kills N] [--builders N] [--builds N]
 *                  [--points N] [--scale PART] [--folder DIR]
 * Exit code: 0 if nothing fell, 1 if something did.
 */

const forms: readonly Form[] = [kills, crowd, fullDisk, ioErrors, load];
const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true, default: forms.map(({ name }) => name) },
    seed: { type: 'string', default: String(Date.now() % 100_000) },
    kills: { type: 'string', default: '1000' },
    builders: { type: 'string', default: '16' },
    builds: { type: 'string', default: '20' },
    points: { type: 'string', default: '200' },
    scale: { type: 'string', default: '1' },
    folder: { type: 'string' },
  },
});
const [seed, scale] = [Number(values.seed), Number(values.scale)];
const counts = {
  kills: Number(values.kills),
  builders: Number(values.builders),
  builds: Number(values.builds),
  points: Number(values.points),
};
// Who else runs here is not to keep what is unmounted; before anything is mounted, and before there are other threads.
if (process.getuid?.() === 0) enterPrivateMounts();
const begun = performance.now();
let failed = 0;
console.log(`seed ${seed}`);
for (const form of forms) if (values.only.includes(form.name)) await runForm(form);
console.log(failed === 0 ? 'nothing fell' : `${failed} fell`);
process.exit(failed === 0 ? 0 : 1);

async function runForm({ name, run }: Form): Promise<void> {
  const print = (line: string) => {
    console.log(`${name} ${((performance.now() - begun) / 1000).toFixed(0)} s: ${line}`);
  };
  const fail = (what: string) => {
    failed++;
    print(`FAIL ${what}`);
  };
  const place = await openPlace();
  try {
    await run({ ...counts, folder: place.folder, seed, scale, print, fail });
  } catch (error) {
    fail(describe(error));
  } finally {
    await place.remove();
  }
}

/** What came first, too, if tidying up after it failed as well. */
function describe(error: unknown): string {
  if (error instanceof SuppressedError) return `${describe(error.suppressed)}; then ${describe(error.error)}`;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** A disk of its own if that can be made: the store is not to be slowed down by what else is on this one. */
async function openPlace(): Promise<{ readonly folder: string; readonly remove: () => Promise<void> }> {
  if (values.folder !== undefined || process.getuid?.() !== 0) {
    const folder = mkdtempSync(join(values.folder ?? tmpdir(), 'kiln-torture-'));
    const remove = () => {
      rmSync(folder, { recursive: true, force: true });
      return Promise.resolve();
    };
    return { folder, remove };
  }
  const disk = await makeDisk(40);
  const folder = join(disk.folder, 'work');
  mkdirSync(folder);
  return { folder, remove: () => disk.remove() };
}
