import type { Workload } from './workload.ts';

export const madeFiles: Workload = {
  id: 'W6',
  rows: ['W6', 'W11'],
  title: 'one RUN makes 20,000 small files, OCI gzip out',
  goal: { seconds: 1.3, peer: 3.01, memory: 150 },
  bases: ['busybox'],
  start: 'cold',
  output: 'oci-gzip',
  dockerfile: () => `FROM busybox
RUN for i in $(seq 200); do mkdir -p /made/$i; for j in $(seq 100); do echo "$i $j" > /made/$i/$j; done; done
`,
};
