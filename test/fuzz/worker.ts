import { mkdirSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { FuzzTarget, TargetLoader } from './fuzz-target.ts';
import { minimise } from './minimise.ts';
import { Random } from './random.ts';

/*
 * node worker.ts KIND SEED FROM COUNT FOLDER FALLS: feeds one target, and prints lines that main.ts reads:
 * `at N`, `fall N MESSAGE`, `slow N MS`, `done N`. What falls is kept in FALLS, made as small as it can be.
 */

const targets: Readonly<Record<string, TargetLoader>> = {
  dockerfile: async () => (await import('./dockerfile-target.ts')).loadDockerfileTarget(),
  tar: async (folder) => (await import('./tar-target.ts')).loadTarTarget(folder),
  registry: async () => (await import('./registry-target.ts')).loadRegistryTarget(),
  store: async (folder) => (await import('./store-target.ts')).loadStoreTarget(folder),
};

const [kind = '', seed = '1', from = '0', count = '1', folder = '', falls = ''] = process.argv.slice(2);
/** ms */
const longest = 1000;
const target = await targets[kind]?.(folder);
if (!target) throw new Error(`there is nothing to fuzz that is called ${kind}`);
await feed(target);
process.exit(0);

async function feed(one: FuzzTarget): Promise<void> {
  const end = Number(from) + Number(count);
  for (let at = Number(from); at < end; at++) {
    if (at % 100 === 0) say(`at ${at}`);
    const input = one.make(new Random(Number(seed) * 1_000_003 + at));
    const begun = process.cpuUsage();
    const fall = await fallOf(one, input);
    // Not the time on the clock, in which others may have had the processor.
    const { user, system } = process.cpuUsage(begun);
    const ms = (user + system) / 1000;
    if (ms > longest) say(`slow ${at} ${Math.round(ms)}`);
    if (fall !== undefined) await keep(one, at, input, fall);
    if (at % 1000 === 999) one.check?.();
  }
  one.check?.();
  say(`done ${end}`);
}

/** What an input comes to, if that is neither good nor an error that says why. */
async function fallOf(one: FuzzTarget, input: Uint8Array): Promise<string | undefined> {
  try {
    await one.run(input);
    return undefined;
  } catch (error) {
    if (!(error instanceof Error)) return String(error);
    // Read-only is all that is around the folder of the target: whoever writes there has got out.
    const isOut = /EROFS|read-only/i.test(error.message);
    return !isOut && (error.name === 'KilnError' || error.name === 'ValueError')
      ? undefined
      : (error.stack ?? error.message);
  }
}

async function keep(one: FuzzTarget, at: number, input: Uint8Array, fall: string): Promise<void> {
  say(`fall ${at} ${fall.replaceAll('\n', ' | ').slice(0, 600)}`);
  const [first] = fall.split('\n');
  const small = await minimise(input, async (smaller) => (await fallOf(one, smaller))?.split('\n')[0] === first);
  mkdirSync(falls, { recursive: true });
  writeFileSync(join(falls, `${kind}-${seed}-${at}`), small);
}

function say(line: string): void {
  writeSync(1, `${line}\n`);
}
