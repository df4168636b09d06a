import { allCases } from './all-cases.ts';
import type { HostileCase } from './hostile-case.ts';
import { Rig } from './rig.ts';

/*
 * npm run hostile [-- [--short] WORDS]: runs all cases, or those whose name has all the words, and prints what fell.
 * Exit code: 0 if nothing did, 1 if something did.
 */

const words = process.argv.slice(2).filter((word) => word !== '--short');
const isShort = process.argv.includes('--short');
const cases = allCases.filter(
  ({ name, isLong = false }) => words.every((word) => name.includes(word)) && !(isShort && isLong),
);
const queue = cases.values();
let failed = 0;
await Promise.all([worker(), worker(), worker()]);
console.log(`${cases.length - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function worker(): Promise<void> {
  for (const one of queue) await runOne(one);
}

async function runOne({ name, run }: HostileCase): Promise<void> {
  using rig = new Rig();
  const begun = performance.now();
  try {
    await run(rig);
    const ms = performance.now() - begun;
    if (words.length > 0 || ms > 5000) console.log(`ok   ${name} (${Math.round(ms)} ms)`);
  } catch (error) {
    failed++;
    console.log(`FAIL ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}
