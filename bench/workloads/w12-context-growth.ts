import { writeManyFiles } from './many-files.ts';
import type { Workload } from './workload.ts';

const tooLong = 'it would take minutes';
/** Of files; peers are slow beyond. */
const mostForPeers = 20_000;

export const contextGrowth: readonly Workload[] = [1000, 5000, 20_000, 50_000, 200_000].map((size) => ({
  id: `W12-${size}`,
  rows: ['W12'],
  title: `COPY of ${size.toLocaleString('en')} files, cold, OCI out`,
  goal: {},
  bases: ['busybox'],
  start: 'cold',
  output: 'oci-gzip',
  dockerfile: () => 'FROM busybox\nCOPY . /app\n',
  writeContext: (folder) => {
    writeManyFiles(folder, size);
  },
  ...(size > mostForPeers && { leftOut: { buildah: tooLong, docker: tooLong, buildkit: tooLong } }),
  growth: { line: 'W12', size, unit: 'files' },
}));
