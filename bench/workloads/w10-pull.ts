import type { Workload } from './workload.ts';

export const pull: Workload = {
  id: 'W10',
  rows: ['W10'],
  title: 'empty store: pull debian (gzip) from a registry, one RUN, no export',
  goal: { seconds: 2, peer: 5 },
  bases: [],
  start: 'empty',
  output: 'none',
  dockerfile: ({ registry }) => `FROM ${registry}/debian:bookworm-slim\nRUN true\n`,
};
