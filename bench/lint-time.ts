import { Source } from '../src/diagnostic/source.ts';
import { lintDockerfile } from '../src/dockerfile/lint/lint.ts';
import type { Platform } from '../src/spec/platform.ts';

const platform: Platform = { os: 'linux', architecture: 'amd64' };

/** How long it takes to parse a Dockerfile and to run all rules on all its stages, in ms. */
export function timeLint(text: string): number {
  const start = performance.now();
  lintDockerfile(new Source('Dockerfile', text), {
    buildArgs: new Map(),
    allStages: true,
    keepSteps: false,
    buildPlatform: platform,
    targetPlatform: platform,
    baseImage: () => undefined,
  });
  return performance.now() - start;
}
