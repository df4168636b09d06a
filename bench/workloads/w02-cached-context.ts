import { writeManyFiles } from './many-files.ts';
import type { Workload } from './workload.ts';

export const cachedContext: Workload = {
  id: 'W2',
  rows: ['W2'],
  title: 'fully cached: COPY of 20,000 files, OCI out',
  goal: { seconds: 0.4, peer: 1.9 },
  bases: ['busybox'],
  start: 'cached',
  output: 'oci-gzip',
  dockerfile: () => 'FROM busybox\nCOPY . /app\n',
  writeContext: (folder) => {
    writeManyFiles(folder, 20_000);
  },
};
