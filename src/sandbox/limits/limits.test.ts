import { readFileSync, readdirSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { existsSync } from 'node:fs';
import { env, getuid, pid } from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { BusyboxRoot, busyboxMissing } from '../busybox-root.ts';
import { hierarchyOf } from '../control-group-hierarchies.ts';
import { limitFiles, type Controller } from './limit-files.ts';
import { checkLimits, formatBytes, type StepLimits } from './step-limits.ts';

const isRoot = getuid?.() === 0;
const needed = ['memory', 'cpu', 'cpuset', 'pids'] as const;
const missing = needed.filter((name) => hierarchyOf(name) === undefined);
const skip = isRoot
  ? missing.length > 0
    ? `there is no controller ${missing.join(', ')}`
    : busyboxMissing
  : 'not root';
const hasRunc = (env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, 'runc')));

/** What a file of the group of a step says, while it runs. */
function groupFile(controller: Controller, name: string): string {
  const mountPoint = hierarchyOf(controller)?.mountPoint ?? '';
  const group = readdirSync(mountPoint, { recursive: true, encoding: 'utf8' }).find((path) =>
    new RegExp(`(^|/)kiln-${pid}-\\d+$`).test(path),
  );
  return readFileSync(join(mountPoint, group ?? 'none', name), 'utf8').trim();
}

describe.skipIf(skip !== '').each(['native', 'runc'])(`the limits of a step (%s)${skip && `: ${skip}`}`, (runtime) => {
  const isMissing = runtime === 'runc' && !hasRunc;
  const roots: BusyboxRoot[] = [];
  afterAll(async () => {
    for (const root of roots) await root[Symbol.asyncDispose]();
  });

  function limited(limits: StepLimits): BusyboxRoot {
    const root = new BusyboxRoot({ runtime, limits });
    roots.push(root);
    return root;
  }

  it.skipIf(isMissing)('end one that takes more memory, and are named', async () => {
    const root = limited({ memory: 32 << 20, memorySwap: 32 << 20 });
    expect((await root.run('echo fits')).result).toEqual({ kind: 'exited', code: 0 });
    expect((await root.run('exit 3')).result).toEqual({ kind: 'exited', code: 3 });
    const { result } = await root.run('head -c 200m /dev/zero | tail -n 1 >/dev/null; exit 137');
    const limitMet = 'out of memory (limit 32m)';
    // While the kernel still takes its memory back from the one, it may kill the shell, too.
    const isShellKilled = result.kind === 'signaled';
    const ended = isShellKilled ? { kind: 'signaled', signal: 'SIGKILL' } : { kind: 'exited', code: 137 };
    expect(result).toEqual({ ...ended, limitMet });
  });

  it.skipIf(isMissing)('bound the number of processes', async () => {
    const script = 'for i in 1 2 3 4 5 6 7 8 9 10 11 12; do sleep 2 & done; wait';
    const { result, stderr } = await limited({ pidsLimit: 8 }).run(script);
    expect(stderr).toContain("can't fork");
    expect(result).toMatchObject({ limitMet: 'it had as many processes as it may have (limit 8)' });
  });

  it.skipIf(isMissing)('choose processors', async () => {
    const script = 'grep -E "(Cpus|Mems)_allowed_list" /proc/self/status | tr -d "\\t"';
    const { stdout } = await limited({ cpusetCpus: '0', cpusetMems: '0' }).run(script);
    expect(stdout).toBe('Cpus_allowed_list:0\nMems_allowed_list:0\n');
    await expect(limited({ cpusetCpus: '4000' }).run('true')).rejects.toThrow(
      /^the limit cpuset-cpus cannot be set to 4000: .* \(there are 0/,
    );
  });

  it.skipIf(isMissing)('bound and weigh the time of processors', async () => {
    const limits: StepLimits = { cpuQuota: 20_000, cpuPeriod: 50_000, cpuShares: 2048 };
    const root = limited(limits);
    let seen: readonly string[] = [];
    const version = hierarchyOf('cpu')?.isUnified === true ? 2 : 1;
    const files = limitFiles(limits, version);
    await root.sandbox.run(root.process(['/bin/sh', '-c', 'echo up; sleep 0.2']), {
      stdout: () => {
        seen = files.map(({ controller, name }) => groupFile(controller, name));
      },
      stderr: () => undefined,
    });
    expect(seen).toEqual(files.map(({ value }) => value));
  });
});

describe('limits', () => {
  const limits: StepLimits = {
    ...{ memory: 64 << 20, memorySwap: 96 << 20, cpuShares: 512, cpuPeriod: 50_000, cpuQuota: 25_000 },
    ...{ cpusetCpus: '0-1', cpusetMems: '0', pidsLimit: 20 },
  };
  const texts = (version: 1 | 2, some: StepLimits): readonly string[] =>
    limitFiles(some, version).map(({ name, value }) => `${name}=${value}`);

  it('are written to files of the first version', () => {
    expect(texts(1, limits)).toEqual([
      ...['memory.limit_in_bytes=67108864', 'memory.memsw.limit_in_bytes=100663296', 'cpu.shares=512'],
      ...['cpu.cfs_period_us=50000', 'cpu.cfs_quota_us=25000', 'cpuset.cpus=0-1', 'cpuset.mems=0', 'pids.max=20'],
    ]);
    expect(texts(1, { memory: 8 << 20 })).toEqual([
      'memory.limit_in_bytes=8388608',
      'memory.memsw.limit_in_bytes=16777216',
    ]);
    expect(texts(1, { pidsLimit: -1, cpuQuota: -1 })).toEqual(['cpu.cfs_quota_us=-1', 'pids.max=max']);
  });

  it('are written to files of the second version', () => {
    expect(texts(2, limits)).toEqual([
      ...['memory.max=67108864', 'memory.swap.max=33554432', 'cpu.weight=20', 'cpu.max=25000 50000'],
      ...['cpuset.cpus=0-1', 'cpuset.mems=0', 'pids.max=20'],
    ]);
    expect(texts(2, { memory: 8 << 20, memorySwap: -1 })).toEqual(['memory.max=8388608', 'memory.swap.max=max']);
    expect(texts(2, { cpuQuota: 150_000 })).toEqual(['cpu.max=150000 100000']);
    expect(texts(2, { cpuPeriod: 5000 })).toEqual(['cpu.max=max 5000']);
  });

  it.each<[StepLimits, string]>([
    [{ memory: 1 << 20 }, 'the limit memory must be 6m or more'],
    [{ memorySwap: 64 << 20 }, 'the limit memory-swap needs the limit memory, which it includes'],
    [
      { memory: 64 << 20, memorySwap: 32 << 20 },
      'the limit memory-swap must not be smaller than the limit memory, which it includes',
    ],
    [{ cpuShares: 1 }, 'the weight cpu-shares must be between 2 and 262144'],
    [{ cpuPeriod: 10 }, 'the limit cpu-period must be between 1000 and 1000000 microseconds'],
    [{ cpuQuota: 10 }, 'the limit cpu-quota must be 1000 microseconds or more, or -1 for none'],
    [{ pidsLimit: 0 }, 'the limit pids-limit must be 1 or more, or -1 for none'],
    [{ cpusetCpus: '0;1' }, 'the limit cpuset-cpus must be a list such as 0-2,7'],
  ])('that nobody could keep are refused: %j', (wrong, message) => {
    expect(() => {
      checkLimits(wrong);
    }).toThrow(message);
  });

  it('are written as in flags', () => {
    expect([0, 100, 1024, 64 << 20, 3 * 2 ** 30, 2 ** 40].map(formatBytes)).toEqual([
      '0',
      '100',
      '1k',
      '64m',
      '3g',
      '1024g',
    ]);
  });
});
