import { Source } from '../../src/diagnostic/source.ts';
import type { EvaluateOptions } from '../../src/dockerfile/evaluate/context.ts';
import { lintDockerfile, type LintResult } from '../../src/dockerfile/lint/lint.ts';
import type { Platform } from '../../src/spec/platform.ts';

const platform: Platform = { os: 'linux', architecture: 'amd64' };

/** The circumstances in which BuildKit was asked: no build arguments, and stubs for base images. */
const circumstances = {
  buildArgs: new Map<string, string>(),
  buildPlatform: platform,
  targetPlatform: platform,
  baseImage: (_, requested) => ({ ...requested, config: { Cmd: ['sh'] }, history: [] }),
} satisfies Partial<EvaluateOptions>;

/** All stages, watched by the lint rules. */
export function lintAll(text: string): LintResult {
  return lintDockerfile(new Source('Dockerfile', text), { ...circumstances, allStages: true, keepSteps: false });
}

/** The stages that the last one needs, for its image. */
export function convertLast(text: string): LintResult {
  return lintDockerfile(new Source('Dockerfile', text), { ...circumstances, allStages: false, keepSteps: true });
}
