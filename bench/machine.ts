import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, cpus, release, tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { median } from './statistics.ts';
import { halfCompressible } from './workloads/half-compressible.ts';
import { manyFilesPath, writeManyFiles } from './workloads/many-files.ts';
import { numbers } from './workloads/numbers.ts';

/** What the machine can do at most, on one thread. */
export interface MachineLimits {
  readonly processor: string;
  readonly threads: number;
  readonly kernel: string;
  readonly node: string;
  /** MB of 10^6 bytes a second, of the data of W7. */
  readonly sha256: number;
  readonly gzip: number;
  readonly zstd: number;
  /** Calls a second, synchronous. */
  readonly lstat: number;
  /** Processes a second, one after the other. */
  readonly spawn: number;
}

/** Measures for a few seconds. */
export function measureMachine(): MachineLimits {
  const data = Buffer.concat(numbers(8).map(halfCompressible));
  const megabytes = data.length / 1e6;
  return {
    processor: cpus()[0]?.model ?? 'unknown',
    threads: availableParallelism(),
    kernel: release(),
    node: process.version,
    sha256: megabytes / time(() => createHash('sha256').update(data).digest()),
    gzip: megabytes / time(() => gzipSync(data)),
    zstd: megabytes / time(() => zstdCompressSync(data)),
    lstat: lstatRate(5000),
    spawn:
      20 /
      time(() => {
        numbers(20).forEach(() => execFileSync('/bin/true'));
      }),
  };
}

/** For people, a line each. */
export function machineLines(limits: MachineLimits): readonly string[] {
  const { processor, threads, kernel, node } = limits;
  const rate = (value: number) => Math.round(value).toLocaleString('en');
  return [
    `machine: ${processor}, ${threads} threads, Linux ${kernel}, Node ${node}`,
    `limits of one thread: sha256 ${rate(limits.sha256)} MB/s, gzip -6 ${rate(limits.gzip)} MB/s, ` +
      `zstd -3 ${rate(limits.zstd)} MB/s, lstat ${rate(limits.lstat)}/s, spawn ${rate(limits.spawn)}/s`,
  ];
}

function lstatRate(count: number): number {
  const folder = mkdtempSync(join(tmpdir(), 'kiln-bench-lstat-'));
  try {
    writeManyFiles(folder, count);
    const paths = numbers(count).map((index) => join(folder, manyFilesPath(index)));
    return (
      count /
      time(() => {
        paths.forEach((path) => lstatSync(path));
      })
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Seconds; the median of five. */
function time(work: () => void): number {
  const times = numbers(5).map(() => {
    const start = performance.now();
    work();
    return (performance.now() - start) / 1000;
  });
  return median(times);
}

if (import.meta.main) console.log(machineLines(measureMachine()).join('\n'));
