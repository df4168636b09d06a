import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuilderName } from '../builders/builder.ts';
import { numbers } from './numbers.ts';
import type { Workload } from './workload.ts';

/** Of vertices: beyond, a build takes minutes. */
const most: Readonly<Record<Exclude<BuilderName, 'kiln'>, number>> = { buildah: 100, docker: 1000, buildkit: 1000 };
const fan = 8;

export const graphGrowth: readonly Workload[] = [10, 100, 1000, 10_000].map((size) => ({
  id: `W13-${size}`,
  rows: ['W13'],
  title: `graph of ${size.toLocaleString('en')} COPY, cold, no export`,
  goal: {},
  bases: ['busybox'],
  start: 'cold',
  output: 'none',
  dockerfile: () => tree(size),
  writeContext: (folder) => {
    writeFileSync(join(folder, 'leaf'), 'leaf\n');
  },
  leftOut: Object.fromEntries(
    Object.entries(most).flatMap(([name, limit]) => (size > limit ? [[name, 'it would take minutes']] : [])),
  ),
  growth: { line: 'W13', size, unit: 'vertices' },
}));

/** Stages as a tree: the leaves copy a file of the context, each other stage something from up to eight below it. */
function tree(copies: number): string {
  const stages = numbers(copies).map((n) => {
    const below = numbers(fan)
      .map((child) => n * fan + child + 1)
      .filter((child) => child < copies);
    // What is copied lies at another place each time, so that no two steps are the same.
    const lines = below.map(
      (child, index) => `COPY --from=s${child} /f${child} /${index === 0 ? 'f' : `g${index}-`}${n}`,
    );
    return [`FROM busybox AS s${n}`, ...(lines.length === 0 ? [`COPY leaf /f${n}`] : lines)].join('\n');
  });
  return `${stages.toReversed().join('\n')}\n`;
}
