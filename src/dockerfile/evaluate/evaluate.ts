import type { Image } from '../../spec/image-config.ts';
import type { Dockerfile } from '../instructions/parse-stages.ts';
import { problem, ProblemError, type Problem } from '../problem.ts';
import { checkCircular } from './circular.ts';
import { gather, type EvaluateContext, type EvaluateOptions } from './context.ts';
import { declareStages } from './declare-stages.ts';
import { dispatch } from './dispatch.ts';
import { checkDefaultBases } from './default-bases.ts';
import { assign, evaluateGlobalArgs, predefinedArgs, type GlobalArgs } from './global-args.ts';
import { ensurePath, finishImage } from './image-draft.ts';
import { findTarget, linkStages } from './link-stages.ts';
import { outlineOf, type Outline } from './outline.ts';
import { joinWorkdir } from './path.ts';
import { inherit, resolveBases } from './resolve-bases.ts';
import { resolveSourceDateEpoch } from './source-date-epoch.ts';
import type { StageState } from './stage-state.ts';
import { atFrom } from './triggers.ts';

/** What a Dockerfile comes to. */
export interface Evaluation {
  /** The one that BuildKit names comes first. */
  readonly problems: readonly Problem[];
  /** The image of the target, layers aside. Absent if there are problems. */
  readonly image: Image | undefined;
  /** What the target can be given. Absent if there are problems. */
  readonly outline: Outline | undefined;
  /** The stage that is wanted. Absent if there are problems. */
  readonly target: StageState | undefined;
  /** Seconds since 1970; what the build is to take for now. */
  readonly sourceDateEpoch: number | undefined;
  /** References of the base images asked for; one for each stage that asks. */
  readonly images: readonly string[];
}

/**
 * Evaluates the stages of a Dockerfile without running anything: variables, stages, configuration and history.
 *
 * The order of events and of problems is BuildKit's. Events cease with the first problem.
 */
export function evaluate(file: Dockerfile, options: EvaluateOptions): Evaluation {
  const problems: Problem[] = [];
  let context: EvaluateContext | undefined;
  let target: StageState | undefined;
  try {
    context = createContext(file, options, problems);
    target = run(context, file);
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    problems.push(error.problem);
  }
  const succeeded = target && problems.length === 0;
  return {
    problems,
    image: succeeded && target ? finishImage(target.image) : undefined,
    outline: succeeded && target ? outlineOf(target) : undefined,
    target: succeeded ? target : undefined,
    sourceDateEpoch: context?.sourceDateEpoch,
    images: context?.images ?? [],
  };
}

function createContext(file: Dockerfile, options: EvaluateOptions, problems: Problem[]): EvaluateContext {
  const { escape, source } = file.ast;
  const { listen } = options;
  const emit: EvaluateContext['emit'] = (event) => {
    if (problems.length === 0) listen?.(event);
  };
  const last = file.stages.at(-1);
  if (!last) {
    const place = { span: { source, start: 0, end: 0 }, hint: 'add a stage: FROM <image>' };
    throw new ProblemError(problem('no-stages', 'dockerfile contains no stages to build', place));
  }
  emitStages(file, emit);
  const { buildArgs, target } = options;
  const predefined = predefinedArgs({
    ...options,
    target: target === undefined || target === '' ? last.from.name : target,
  });
  checkDefaultBases(file, predefined, emit);
  const globalArgs = evaluateGlobalArgs(predefined, file.globalArgs, { buildArgs, escape });
  const sourceDateEpoch = setSourceDateEpoch(file, options, globalArgs);
  return {
    ...options,
    buildArgs: withEpoch(buildArgs, sourceDateEpoch),
    ...{ escape, globalArgs, sourceDateEpoch, problems, emit },
    ...{ states: [], statesByName: new Map<string, StageState>(), images: [] },
  };
}

function emitStages({ stages }: Dockerfile, emit: EvaluateContext['emit']): void {
  const names = new Set<string>();
  for (const { from } of stages) {
    if (from.name === '') continue;
    emit({ kind: 'stageName', from, isRepeated: names.has(from.name) });
    names.add(from.name);
  }
  emit({ kind: 'stages', stages });
}

const epochName = 'SOURCE_DATE_EPOCH';

/** SOURCE_DATE_EPOCH may name a source of the time; what it comes to is the value of the variable. */
function setSourceDateEpoch(
  file: Dockerfile,
  { buildArgs, timeOf, namedContext }: EvaluateOptions,
  { values }: GlobalArgs,
): number | undefined {
  const given = buildArgs.get(epochName) ?? (values.get(epochName) || undefined);
  if (given === undefined) return undefined;
  const epoch = resolveSourceDateEpoch(given, file, { buildArgs, timeOf, namedContext, values });
  if (epoch === undefined) values.delete(epochName);
  else if (values.has(epochName)) assign(values, epochName, epoch);
  return epoch === undefined ? undefined : Number(epoch);
}

/** Stages that ask for the variable get the time, not the name of its source. */
function withEpoch(buildArgs: ReadonlyMap<string, string>, epoch: number | undefined): ReadonlyMap<string, string> {
  if (!buildArgs.has(epochName)) return buildArgs;
  const changed = new Map(buildArgs);
  if (epoch === undefined) changed.delete(epochName);
  else changed.set(epochName, String(epoch));
  return changed;
}

function run(context: EvaluateContext, file: Dockerfile): StageState | undefined {
  declareStages(context, file.stages);
  const target = findTarget(context, file.ast.source);
  if (!target) return undefined;
  linkStages(context);
  checkCircular(context.states);
  if (context.states.length === 1) target.label = '';
  const needed = resolveBases(context, target);
  for (const state of context.states) {
    if (context.allStages || (needed.has(state) && !state.isDispatched)) runStage(context, state);
  }
  return target;
}

function runStage(context: EvaluateContext, state: StageState): void {
  inherit(state);
  state.isDispatched = true;
  state.platform ??= context.targetPlatform;
  const { image } = state;
  image.platform = state.platform;
  ensurePath(image);
  if (state.base) inheritEnvironment(state, state.base);
  else for (const [name, value] of image.env.entries()) state.environment.assign(name, value);
  const { workdir } = image;
  if (workdir.path !== '' && !workdir.isClean) image.workdir = joinWorkdir(workdir, workdir.path, state.platform.os);
  for (const command of state.commands) {
    gather(context.problems, () => {
      const run = () => {
        dispatch(context, state, command);
      };
      if (command.isOnbuild) atFrom(state, run);
      else run();
    });
  }
}

function inheritEnvironment(state: StageState, base: StageState): void {
  state.environment = base.environment.fork();
  for (const name of base.shadowed) state.environment.assign(name, base.image.env.get(name) ?? '');
}
