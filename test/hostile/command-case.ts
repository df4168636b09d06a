import { existsSync, readFileSync } from 'node:fs';
import { must } from './hostile-case.ts';
import type { KilnOutcome, KilnRun, Rig } from './rig.ts';
import { listTar } from './tar-case.ts';

/** Builds to a tar. Throws if it fails, or does not end in this error. */
export async function build(
  rig: Rig,
  args: readonly string[],
  expected: RegExp | 'right',
  run: KilnRun = {},
): Promise<KilnOutcome> {
  const output = rig.path('out.tar');
  const outcome = await rig.kiln(['build', '--progress=plain', '-o', `type=tar,dest=${output}`, ...args], run);
  mustEnd(outcome, expected);
  if (expected !== 'right') must(!existsSync(output), () => 'an output was written');
  return outcome;
}

/** What {@link build} made. */
export async function built(rig: Rig): Promise<ReadonlyMap<string, string>> {
  return await listTar(readFileSync(rig.path('out.tar')));
}

/** Throws unless it was successful, or ended in this error. */
export function mustEnd({ code, err }: KilnOutcome, expected: RegExp | 'right'): void {
  if (expected === 'right') must(code === 0, () => `an error\n${err.slice(-1500)}`);
  else {
    must(code !== 0, () => 'no error');
    must(expected.test(err), () => `another error than ${String(expected)}\n${err.slice(-1500)}`);
  }
}
