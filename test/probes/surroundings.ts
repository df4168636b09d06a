import { chmodSync, cpSync, mkdirSync } from 'node:fs';
import { execFileSync, spawn } from 'node:child_process';
import { arch } from 'node:os';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { text } from 'node:stream/consumers';
import { BusyboxRoot } from '../../src/sandbox/busybox-root.ts';
import { HostBait } from './host-facts.ts';
import type { ProbeStep } from './probe-step.ts';
import { readVerdicts, writeProbes } from './probe-files.ts';
import type { Probe } from './probe.ts';
import { probes } from './probes.ts';

/** Where probes are run. */
export interface Surroundings {
  /** `native`, or an OCI runtime. */
  readonly runtime: string;
  readonly isRoot: boolean;
  readonly security?: 'insecure';
}

export interface ProbeRun {
  readonly surroundings: Surroundings;
  readonly verdicts: ReadonlyMap<string, string>;
  /** What went wrong besides. */
  readonly stderr: string;
}

/** Nobody's, so that /etc/subuid does not know it. */
const user = 47_120;

/** Runs all probes in each of some surroundings, one after the other. This process must be root. */
export async function runProbes(
  places: readonly Surroundings[],
): Promise<{ readonly all: readonly Probe[]; readonly runs: readonly ProbeRun[] }> {
  await using root = new BusyboxRoot();
  await using bait = await HostBait.put(root.directory);
  const architecture = arch() === 'arm64' ? 'arm64' : 'x64';
  const all = probes(bait.facts, architecture);
  const directory = join(root.directory, 'probes');
  writeProbes(directory, all, architecture);
  const runs: ProbeRun[] = [];
  for (const [index, surroundings] of places.entries()) {
    const place = join(root.directory, `place-${index}`);
    mkdirSync(place);
    chmodSync(place, 0o755);
    const base = join(place, 'base');
    cpSync(join(root.directory, 'base'), base, { recursive: true, verbatimSymlinks: true });
    if (!surroundings.isRoot) execFileSync('chown', ['-R', `${user}:${user}`, place]);
    const { runtime, security = 'sandbox' } = surroundings;
    const { stdout, stderr } = await run(
      { directory: place, base, probes: directory, runtime, security },
      surroundings,
    );
    runs.push({ surroundings, verdicts: readVerdicts(stdout, all), stderr });
  }
  return { all, runs };
}

async function run(
  step: ProbeStep,
  { isRoot }: Surroundings,
): Promise<{ readonly stdout: string; readonly stderr: string }> {
  const program = join(import.meta.dirname, 'probe-step.ts');
  const env = { PATH: process.env['PATH'], HOME: step.directory, KILN_PROBE_SECRET: 'not for steps' };
  const ids = isRoot ? {} : { uid: user, gid: user };
  const child = spawn(execPath, [program, JSON.stringify(step)], {
    ...{ ...ids, env, cwd: '/', stdio: ['ignore', 'pipe', 'pipe'] },
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { stdout, stderr };
}
