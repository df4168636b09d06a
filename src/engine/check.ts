import type { EvaluateOptions } from '../dockerfile/evaluate/context.ts';
import { fixDockerfile, type FixResult } from '../dockerfile/lint/fix.ts';
import { lintDockerfile, type LintResult } from '../dockerfile/lint/lint.ts';
import { parsePlatform, type Platform } from '../spec/platform.ts';
import { ValueError } from '../spec/value-error.ts';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { Source } from '../diagnostic/source.ts';
import { hostPlatform } from './host-platform.ts';
import type { DockerfileInput } from './read-dockerfile.ts';

export interface CheckOptions {
  readonly buildArgs?: ReadonlyMap<string, string>;
  /** All stages are checked if there is none. */
  readonly target?: string | undefined;
  /** `os/architecture[/variant]`; that of the machine if absent. */
  readonly platform?: string | undefined;
}

/** Everything there is to say about a Dockerfile without building it. Throws KilnError `engine/platform`. */
export function checkDockerfile({ source, ignore }: DockerfileInput, options: CheckOptions): LintResult {
  return lintDockerfile(source, evaluateOptions(options, ignore));
}

/** What came of mending. */
export interface Mended extends Pick<FixResult, 'text' | 'fixed'> {
  /** What there is to say about the mended text. */
  readonly result: LintResult;
}

/** Mends what can be mended safely. Throws KilnError `engine/platform`. */
export function mendDockerfile({ source, ignore }: DockerfileInput, options: CheckOptions): Mended {
  const how = evaluateOptions(options, ignore);
  const { text, fixed } = fixDockerfile(source, how);
  return { text, fixed, result: lintDockerfile(new Source(source.name, text), how) };
}

/**
 * How a Dockerfile is evaluated without a registry: bases count as empty images of the wanted platform, so a variable that
 * only the base sets counts as undefined.
 */
export function evaluateOptions(
  options: CheckOptions,
  ignore?: DockerfileInput['ignore'],
): Omit<EvaluateOptions, 'listen'> {
  const host = hostPlatform();
  return {
    buildArgs: options.buildArgs ?? new Map(),
    target: options.target,
    allStages: options.target === undefined || options.target === '',
    buildPlatform: host,
    targetPlatform: options.platform === undefined ? host : readPlatform(options.platform, host),
    baseImage: () => undefined,
    ignore,
    keepSteps: false,
  };
}

export function readPlatform(text: string, host: Platform): Platform {
  if (text === 'local') return host;
  try {
    return parsePlatform(text, host);
  } catch (cause) {
    if (!(cause instanceof ValueError)) throw cause;
    const hint = 'a platform is os/architecture[/variant], such as linux/arm64';
    throw new KilnError('engine/platform', `invalid platform ${text}: ${cause.message}`, { hint, cause });
  }
}
