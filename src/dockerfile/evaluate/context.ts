import type { Image } from '../../spec/image-config.ts';
import type { Platform } from '../../spec/platform.ts';
import type { IgnoreMatcher } from '../ignore/matcher.ts';
import type { Origin } from '../instructions/command.ts';
import type { Escape } from '../parser/ast.ts';
import { ProblemError, type Problem } from '../problem.ts';
import type { LintListener } from './event.ts';
import type { GlobalArgs } from './global-args.ts';
import type { NamedContext, StageState } from './stage-state.ts';
import type { TimeSource } from './time-source.ts';

/** What a Dockerfile is evaluated with. */
export interface EvaluateOptions {
  readonly buildArgs: ReadonlyMap<string, string>;
  /** Name or index of the stage that is wanted; the last one if absent. */
  readonly target?: string | undefined;
  /** Evaluate the stages that the target does not need, too. */
  readonly allStages: boolean;
  readonly buildPlatform: Platform;
  readonly targetPlatform: Platform;
  /** The image that an instruction names, if it is known; others count as empty images of the platform. */
  readonly baseImage: (reference: string, platform: Platform, origin: Origin) => Image | undefined;
  /** What `--build-context` puts in the place of a stage or an image of that name. */
  readonly namedContext?: ((name: string) => NamedContext | undefined) | undefined;
  /** Seconds since 1970; undefined if it has no time, or nobody knows it yet. */
  readonly timeOf?: ((source: TimeSource) => number | undefined) | undefined;
  /** What is kept out of the build context. */
  readonly ignore?: IgnoreMatcher | undefined;
  /** Keep the image's history and ports, and the steps of stages, which may take much room; linting does without. */
  readonly keepSteps: boolean;
  readonly listen?: LintListener | undefined;
}

/** What the parts of an evaluation share. */
export interface EvaluateContext extends EvaluateOptions {
  readonly escape: Escape;
  readonly globalArgs: GlobalArgs;
  readonly sourceDateEpoch: number | undefined;
  /** In the order of the file, then the images that are copied from or mounted. */
  readonly states: StageState[];
  /** By lower-case name. */
  readonly statesByName: Map<string, StageState>;
  readonly problems: Problem[];
  readonly emit: LintListener;
  /** References of base images asked for; one for each stage that asks. */
  readonly images: string[];
}

/** Runs a part of the evaluation; a problem in it is noted and does not keep the others from running. */
export function gather(problems: Problem[], run: () => void): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    problems.push(error.problem);
  }
}
