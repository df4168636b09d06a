import { chmodSync, mkdirSync, writeFileSync, openSync, writeSync, closeSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import type { Architecture } from '../../src/sandbox/native/program/syscall-numbers.ts';
import { ProbeProgram } from './probe-program.ts';
import type { Probe } from './probe.ts';

/** Runs all that there are in /probes, and prints a line for each: its number, and the words or lines that it gave. */
export const probesScript = `
  cd /
  for i in $(ls /probes/scripts | sort -n); do
    echo "$i" $(sh /probes/scripts/$i 2>/dev/null)
  done
  for i in $(ls /probes/calls | sort -n); do
    echo "$i" $(/probes/calls/$i 2>/dev/null | od -An -v -td8)
  done`;

/** Writes what {@link probesScript} runs, by the indexes of the probes. */
export function writeProbes(directory: string, probes: readonly Probe[], architecture: Architecture): void {
  const [calls, scripts] = [join(directory, 'calls'), join(directory, 'scripts')];
  for (const path of [directory, calls, scripts]) {
    mkdirSync(path);
    chmodSync(path, 0o755);
  }
  probes.forEach((probe, index) => {
    if (probe.kind === 'script') {
      writeFileSync(join(scripts, String(index)), `${probe.script}\n`);
      return;
    }
    const program = new ProbeProgram(architecture);
    probe.make(program);
    program.allow();
    const path = join(calls, String(index));
    const file = openSync(path, 'wx', 0o755);
    for (const { position, bytes } of program.file()) writeSync(file, bytes, 0, bytes.length, position);
    closeSync(file);
    chmodSync(path, 0o755);
  });
}

/** What came of each probe, by its name: `allowed`, `refused by ERRNO`, `ended` if it ended silently, or what it printed. */
export function readVerdicts(output: string, probes: readonly Probe[]): ReadonlyMap<string, string> {
  const lines = new Map(
    output.split('\n').map((line) => {
      const [index = '', ...rest] = line.split(' ');
      return [index, rest.join(' ')];
    }),
  );
  return new Map(
    probes.map((probe, index) => {
      const line = lines.get(String(index)) ?? 'not run';
      return [probe.name, probe.kind === 'script' ? line : callVerdict(line)];
    }),
  );
}

const errorNames = new Map(Object.entries(constants.errno).map(([name, number]) => [number, name]));

function callVerdict(line: string): string {
  if (line === '') return 'ended';
  if (line === 'not run') return line;
  const [address, result] = line.split(' ').map(Number);
  if (address === 0 && result === 0) return 'allowed';
  return `refused by ${errorNames.get(-(result ?? 0)) ?? `error ${-(result ?? 0)}`}`;
}

/** Whether a verdict is what Docker's surroundings give. */
export function isAsExpected(probe: Probe, verdict: string): boolean {
  if (probe.kind === 'script') return verdict === probe.expected;
  if (probe.refusedBy.length === 0) return verdict === 'allowed';
  return probe.refusedBy.some((error) => verdict === `refused by ${error}`);
}
