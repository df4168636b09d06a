import { describe, expect, it } from 'vitest';
import { busyboxMissing } from '../../src/sandbox/busybox-root.ts';
import { isAsExpected } from './probe-files.ts';
import type { Probe } from './probe.ts';
import { runProbes, type ProbeRun } from './surroundings.ts';

/* The short form of `npm run probes`, which compares with runc, too. */

const skip = process.getuid?.() !== 0 ? 'the probes are started as root' : busyboxMissing;

function unexpected(all: readonly Probe[], { verdicts }: ProbeRun): readonly string[] {
  return all
    .map((probe) => ({ probe, verdict: verdicts.get(probe.name) ?? '' }))
    .filter(({ probe, verdict }) => !isAsExpected(probe, verdict))
    .map(({ probe: { name }, verdict }) => `${name}: ${verdict}`);
}

describe.skipIf(skip !== '')(`steps that try to get out${skip === '' ? '' : ` (skipped: ${skip})`}`, () => {
  it('do not, with root or without', async () => {
    const { all, runs } = await runProbes([
      { runtime: 'native', isRoot: true },
      { runtime: 'native', isRoot: false },
    ]);
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    expect(runs.map((run) => [run.stderr, unexpected(all, run)])).toEqual([
      ['', []],
      ['', []],
    ]);
  });

  it('would, if they were let out: so they do try', async () => {
    const { all, runs } = await runProbes([{ runtime: 'native', isRoot: true, security: 'insecure' }]);
    const [run] = runs;
    if (!run) throw new Error('they were not run');
    const found = unexpected(all, run);
    for (const name of [
      'mount a file system in memory',
      'unshare a namespace of users',
      'bpf',
      'fsopen',
      'capabilities',
    ]) {
      expect(found.find((line) => line.startsWith(`${name}: `))).toBeDefined();
    }
    expect(found.length).toBeGreaterThan(100);
  });
});
