import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

/*
 * npm run fuzz [-- --runs N --seed S --only KIND]: feeds Kiln with inputs that are broken at random, the same for the same seed.
 * Each kind runs in a process that is watched; with root, in a place where all but its folder is read-only.
 * Exit code: 0 if nothing fell, 1 if something did. What fell is in `fuzz-falls/`.
 */

const defaults: Readonly<Record<string, number>> = {
  dockerfile: 1_000_000,
  tar: 100_000,
  registry: 100_000,
  store: 100_000,
};
const falls = resolve('fuzz-falls');
/** ms without a word, after which a process hangs: a hundred inputs take less. */
const silence = 30_000;

const option = (name: string): string | undefined => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? undefined : process.argv[at + 1];
};
const only = option('only');
const seed = option('seed') ?? '1';
const total = { bad: 0 };
for (const [kind, usual] of Object.entries(defaults)) {
  if (only !== undefined && only !== kind) continue;
  await fuzz(kind, Number(option('runs') ?? usual));
}
process.exitCode = total.bad === 0 ? 0 : 1;

async function fuzz(kind: string, runs: number): Promise<void> {
  const begun = performance.now();
  const found = { falls: 0, slow: 0, hangs: 0 };
  let from = 0;
  // What hangs is named, and left out from there on.
  while (from < runs) from = await runWorker(kind, from, runs - from, found);
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(
    `${kind}: ${runs} inputs in ${seconds} s, ${found.falls} fell, ${found.slow} took over a second, ${found.hangs} hung`,
  );
  total.bad += found.falls + found.hangs + found.slow;
}

/** Gives where to go on. */
async function runWorker(
  kind: string,
  from: number,
  count: number,
  found: { falls: number; slow: number; hangs: number },
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'kiln-fuzz-'));
  mkdirSync(falls, { recursive: true });
  const worker = [
    process.execPath,
    join(import.meta.dirname, 'worker.ts'),
    kind,
    seed,
    String(from),
    String(count),
    folder,
    falls,
  ];
  const [command = '', ...args] = process.getuid?.() === 0 ? [...enclosed(folder), ...worker] : worker;
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((done) => child.on('close', done));
  let at = from;
  const state = { isHung: false };
  const hang = (): void => {
    state.isHung = true;
    child.kill('SIGKILL');
  };
  let watch = setTimeout(hang, silence);
  for await (const line of createInterface({ input: child.stdout })) {
    clearTimeout(watch);
    watch = setTimeout(hang, silence);
    const [what, number = '0'] = line.split(' ');
    at = Number(number);
    if (what === 'fall') found.falls++;
    if (what === 'slow') found.slow++;
    if (what === 'fall' || what === 'slow') console.log(`${kind} ${line}`);
    if (what === 'done') clearTimeout(watch);
  }
  clearTimeout(watch);
  const code = await ended;
  rmSync(folder, { recursive: true, force: true });
  if (state.isHung || code !== 0) {
    found.hangs++;
    console.log(`${kind} ${state.isHung ? 'hangs' : 'ended'} after input ${at} of seed ${seed}`);
    return at + 100;
  }
  return from + count;
}

/** A mount namespace in which nothing can be written to but a folder, and what fell. */
function enclosed(folder: string): readonly string[] {
  const script = `mount --bind "$1" "$1" && mount --bind "$2" "$2" && mount -t tmpfs none "$1" && mount -o remount,bind,ro / && shift 2 && exec "$@"`;
  return ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', folder, falls];
}
