import { KilnError } from '../../diagnostic/kiln-error.ts';

/** What a step may take of the machine. What is absent is not limited. */
export interface StepLimits {
  /** Bytes. */
  readonly memory?: number;
  /** Bytes of memory and swap together; -1 is no limit. Absent: twice the memory. */
  readonly memorySwap?: number;
  /** A weight beside other steps and programs, 2 to 262144; 1024 is that of others. */
  readonly cpuShares?: number;
  /** Microseconds. */
  readonly cpuPeriod?: number;
  /** Microseconds of processor time in a period, on all processors together; -1 is no limit. */
  readonly cpuQuota?: number;
  /** Which processors: `0-2,7`. */
  readonly cpusetCpus?: string;
  /** Which memory nodes, likewise. */
  readonly cpusetMems?: string;
  /** Processes and threads at a time; -1 is no limit. */
  readonly pidsLimit?: number;
}

/** Without which no program starts, as Docker has it. */
const leastMemory = 6 << 20;
const [leastShares, mostShares] = [2, 262_144];
const [leastPeriod, mostPeriod] = [1000, 1_000_000];
const list = /^\d+(-\d+)?(,\d+(-\d+)?)*$/;

/** Whether there is any. */
export function hasLimits(limits: StepLimits): boolean {
  return Object.values(limits).some((value) => value !== undefined);
}

/** Throws KilnError `sandbox/limit` for limits that no machine could keep. */
export function checkLimits(limits: StepLimits): void {
  const problem = problemOf(limits);
  if (problem !== undefined) throw new KilnError('sandbox/limit', problem);
}

function problemOf(limits: StepLimits): string | undefined {
  const { memory, memorySwap, cpuShares, cpuPeriod, cpuQuota, cpusetCpus, cpusetMems, pidsLimit } = limits;
  if (memory !== undefined && memory < leastMemory) return 'the limit memory must be 6m or more';
  if (memorySwap !== undefined && memorySwap !== -1) {
    if (memory === undefined) return 'the limit memory-swap needs the limit memory, which it includes';
    if (memorySwap < memory)
      return 'the limit memory-swap must not be smaller than the limit memory, which it includes';
  }
  if (cpuShares !== undefined && (cpuShares < leastShares || cpuShares > mostShares)) {
    return `the weight cpu-shares must be between ${leastShares} and ${mostShares}`;
  }
  if (cpuPeriod !== undefined && (cpuPeriod < leastPeriod || cpuPeriod > mostPeriod)) {
    return `the limit cpu-period must be between ${leastPeriod} and ${mostPeriod} microseconds`;
  }
  if (cpuQuota !== undefined && cpuQuota !== -1 && cpuQuota < leastPeriod) {
    return `the limit cpu-quota must be ${leastPeriod} microseconds or more, or -1 for none`;
  }
  if (pidsLimit !== undefined && pidsLimit !== -1 && pidsLimit < 1) {
    return 'the limit pids-limit must be 1 or more, or -1 for none';
  }
  const sets = { 'cpuset-cpus': cpusetCpus, 'cpuset-mems': cpusetMems };
  const [wrong] = Object.entries(sets).find(([, value]) => value !== undefined && !list.test(value)) ?? [];
  return wrong === undefined ? undefined : `the limit ${wrong} must be a list such as 0-2,7`;
}

/** A number of bytes as it is written in flags: `64m`. */
export function formatBytes(bytes: number): string {
  const units = ['', 'k', 'm', 'g'];
  let at = 0;
  let value = bytes;
  while (at < units.length - 1 && value > 0 && value % 1024 === 0) {
    value /= 1024;
    at++;
  }
  return `${value}${units[at] ?? ''}`;
}
