import type { StepLimits } from './step-limits.ts';

/** Something to write into a file of a control group. */
export interface LimitFile {
  readonly controller: Controller;
  readonly name: string;
  readonly value: string;
  /** The limit it is for, as flags call it. */
  readonly limit: string;
  /** Whether it may be left out where the kernel does not have it. */
  readonly isOptional?: boolean;
}

/** The parts of the kernel that keep limits. */
export type Controller = 'memory' | 'cpu' | 'cpuset' | 'pids';

const defaultPeriod = 100_000;

/** Which controllers some limits need, in the order in which their groups are entered. */
export function limitControllers(limits: StepLimits): readonly Controller[] {
  return [...new Set(limitFiles(limits, 1).map(({ controller }) => controller))];
}

/**
 * What to write, in this order.
 *
 * @see https://docs.kernel.org/admin-guide/cgroup-v2.html
 * @see https://docs.kernel.org/admin-guide/cgroup-v1/index.html
 */
export function limitFiles(limits: StepLimits, version: 1 | 2): readonly LimitFile[] {
  const { cpusetCpus, cpusetMems, pidsLimit } = limits;
  return [
    ...(version === 1 ? memoryFilesV1(limits) : memoryFilesV2(limits)),
    ...(version === 1 ? cpuFilesV1(limits) : cpuFilesV2(limits)),
    ...file(cpusetCpus, { controller: 'cpuset', name: 'cpuset.cpus', limit: 'cpuset-cpus' }),
    ...file(cpusetMems, { controller: 'cpuset', name: 'cpuset.mems', limit: 'cpuset-mems' }),
    ...file(orMax(pidsLimit), { controller: 'pids', name: 'pids.max', limit: 'pids-limit' }),
  ];
}

function memoryFilesV1({ memory, memorySwap }: StepLimits): readonly LimitFile[] {
  const both = memorySwap ?? (memory === undefined ? undefined : 2 * memory);
  return [
    ...file(memory, { controller: 'memory', name: 'memory.limit_in_bytes', limit: 'memory' }),
    ...file(both, {
      ...{ controller: 'memory', name: 'memory.memsw.limit_in_bytes', limit: 'memory-swap' },
      isOptional: memorySwap === undefined,
    }),
  ];
}

function memoryFilesV2({ memory, memorySwap }: StepLimits): readonly LimitFile[] {
  const both = memorySwap ?? (memory === undefined ? undefined : 2 * memory);
  const swap = both === undefined || both === -1 ? both : both - (memory ?? 0);
  return [
    ...file(memory, { controller: 'memory', name: 'memory.max', limit: 'memory' }),
    ...file(orMax(swap), {
      ...{ controller: 'memory', name: 'memory.swap.max', limit: 'memory-swap' },
      isOptional: memorySwap === undefined,
    }),
  ];
}

function cpuFilesV1({ cpuShares, cpuPeriod, cpuQuota }: StepLimits): readonly LimitFile[] {
  return [
    ...file(cpuShares, { controller: 'cpu', name: 'cpu.shares', limit: 'cpu-shares' }),
    ...file(cpuPeriod, { controller: 'cpu', name: 'cpu.cfs_period_us', limit: 'cpu-period' }),
    ...file(cpuQuota, { controller: 'cpu', name: 'cpu.cfs_quota_us', limit: 'cpu-quota' }),
  ];
}

function cpuFilesV2({ cpuShares, cpuPeriod, cpuQuota }: StepLimits): readonly LimitFile[] {
  const bandwidth =
    cpuPeriod === undefined && cpuQuota === undefined
      ? undefined
      : `${orMax(cpuQuota) ?? 'max'} ${cpuPeriod ?? defaultPeriod}`;
  return [
    ...file(cpuShares === undefined ? undefined : weightOfShares(cpuShares), {
      ...{ controller: 'cpu', name: 'cpu.weight', limit: 'cpu-shares' },
    }),
    ...file(bandwidth, {
      controller: 'cpu',
      name: 'cpu.max',
      limit: cpuQuota === undefined ? 'cpu-period' : 'cpu-quota',
    }),
  ];
}

/** From 2..262144 to 1..10000, as runtimes do: https://github.com/opencontainers/runtime-spec/blob/main/config-linux.md#cpu */
function weightOfShares(shares: number): number {
  return 1 + Math.floor(((shares - 2) * 9999) / 262_142);
}

function orMax(value: number | undefined): string | undefined {
  return value === undefined ? undefined : value === -1 ? 'max' : String(value);
}

function file(value: string | number | undefined, rest: Omit<LimitFile, 'value'>): readonly LimitFile[] {
  return value === undefined ? [] : [{ ...rest, value: String(value) }];
}
