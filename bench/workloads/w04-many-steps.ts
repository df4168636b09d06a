import { numbers } from './numbers.ts';
import type { Workload } from './workload.ts';

export const manySteps: Workload = {
  id: 'W4',
  rows: ['W4'],
  title: '50 trivial RUN, cold, no export',
  goal: { seconds: 0.75, peer: 6.59 },
  bases: ['busybox'],
  start: 'cold',
  output: 'none',
  dockerfile: () => ['FROM busybox', ...numbers(50).map((n) => `RUN echo ${n} > /f${n}`), ''].join('\n'),
};
