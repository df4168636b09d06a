import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import { isAsExpected } from './probe-files.ts';
import { runProbes, type Surroundings } from './surroundings.ts';

/*
 * npm run probes: tries to get out of a step, in each of the surroundings that this machine has, and prints the verdicts.
 * Exit code: 0 if all are those of Docker, 1 if some are not, 2 if the probes cannot be run.
 */

const hasRunc = (process.env['PATH'] ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'runc')));
const places: readonly Surroundings[] = [
  { runtime: 'native', isRoot: true },
  ...(hasRunc ? [{ runtime: 'runc', isRoot: true }] : []),
  { runtime: 'native', isRoot: false },
  ...(hasRunc ? [{ runtime: 'runc', isRoot: false }] : []),
];

if (process.getuid?.() === 0) await main();
else {
  console.error('the probes are run as root, and from there as somebody else');
  process.exitCode = 2;
}

async function main(): Promise<void> {
  if (!hasRunc) console.log('runc is not installed: nothing to compare with but what is written down');
  const { all, runs } = await runProbes(places);
  console.log(
    runs.map(({ surroundings: { runtime, isRoot } }) => `${runtime}${isRoot ? '' : ' rootless'}`).join(' | '),
  );
  let different = 0;
  for (const probe of all) {
    const verdicts = runs.map(({ verdicts: of }) => of.get(probe.name) ?? '');
    const isGood = verdicts.every((verdict) => isAsExpected(probe, verdict));
    if (!isGood) different++;
    const isOne = new Set(verdicts).size === 1;
    console.log(`${isGood ? 'ok  ' : 'FAIL'} ${probe.name}: ${isOne ? (verdicts[0] ?? '') : verdicts.join(' | ')}`);
  }
  for (const { stderr } of runs) if (stderr !== '') console.log(stderr.trimEnd());
  console.log(`${all.length - different} passed, ${different} failed, in ${runs.length} surroundings`);
  process.exitCode = different === 0 ? 0 : 1;
}
