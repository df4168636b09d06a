import type { Workload } from './workload.ts';

export const packages: Workload = {
  id: 'W8',
  rows: ['W8'],
  title: 'debian, apt-get install curl git, cold, no export',
  goal: { seconds: 12, peer: 15.3 },
  bases: ['debian'],
  start: 'cold',
  output: 'none',
  dockerfile: () => `FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends curl git
`,
};
