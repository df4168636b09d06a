import { cached } from './w01-cached.ts';
import { cachedContext } from './w02-cached-context.ts';
import { changedFile } from './w03-changed-file.ts';
import { manySteps } from './w04-many-steps.ts';
import { parallelStages } from './w05-parallel-stages.ts';
import { madeFiles } from './w06-made-files.ts';
import { largeFileGzip, largeFileZstd } from './w07-large-file.ts';
import { packages } from './w08-packages.ts';
import { nodeApp } from './w09-node-app.ts';
import { pull } from './w10-pull.ts';
import { contextGrowth } from './w12-context-growth.ts';
import { graphGrowth } from './w13-graph-growth.ts';
import type { Workload } from './workload.ts';

/** In the order in which they are run. W11 is the memory of two others. */
export const allWorkloads: readonly Workload[] = [
  cached,
  cachedContext,
  changedFile,
  manySteps,
  parallelStages,
  madeFiles,
  largeFileGzip,
  largeFileZstd,
  packages,
  nodeApp,
  pull,
  ...contextGrowth,
  ...graphGrowth,
];
