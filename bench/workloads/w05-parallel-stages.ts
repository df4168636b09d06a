import { numbers } from './numbers.ts';
import type { Workload } from './workload.ts';

export const parallelStages: Workload = {
  id: 'W5',
  rows: ['W5'],
  title: '8 stages of sleep 1, one COPY --from each, no export',
  goal: { seconds: 1.1, peer: 2.14 },
  bases: ['busybox'],
  start: 'cold',
  output: 'none',
  dockerfile: () =>
    [
      ...numbers(8).map((n) => `FROM busybox AS s${n}\nRUN sleep 1; echo ${n} > /o${n}`),
      'FROM busybox',
      ...numbers(8).map((n) => `COPY --from=s${n} /o${n} /`),
      '',
    ].join('\n'),
};
