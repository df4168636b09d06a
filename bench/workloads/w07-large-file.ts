import { join } from 'node:path';
import { writeHalfCompressible } from './half-compressible.ts';
import type { Workload } from './workload.ts';

const largeFile = {
  bases: ['busybox'],
  start: 'cold',
  dockerfile: () => 'FROM busybox\nCOPY large /large\n',
  writeContext: (folder: string) => {
    writeHalfCompressible(join(folder, 'large'), 512);
  },
  leftOut: { docker: 'docker save does not compress, which is what takes the time here' },
} satisfies Partial<Workload>;

export const largeFileGzip: Workload = {
  ...largeFile,
  id: 'W7-gzip',
  rows: ['W7', 'W11'],
  title: 'COPY of 512 MiB, half compressible, OCI gzip out',
  goal: { seconds: 7, peer: 17.2, memory: 150 },
  output: 'oci-gzip',
};

export const largeFileZstd: Workload = {
  ...largeFile,
  id: 'W7-zstd',
  rows: ['W7'],
  title: 'COPY of 512 MiB, half compressible, OCI zstd out',
  goal: { seconds: 4, peer: 18.5 },
  output: 'oci-zstd',
};
