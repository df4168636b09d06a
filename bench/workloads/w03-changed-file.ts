import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { manyFilesPath } from './many-files.ts';
import { cachedContext } from './w02-cached-context.ts';
import type { Workload } from './workload.ts';

export const changedFile: Workload = {
  ...cachedContext,
  id: 'W3',
  rows: ['W3'],
  title: 'one of 20,000 files changed, OCI out',
  goal: { seconds: 0.8, peer: 7.68 },
  change: (folder, round) => {
    writeFileSync(join(folder, manyFilesPath(round * 997)), `export const changed = ${round};\n`);
  },
};
