import { didYouMean, suggest } from '../../diagnostic/suggest.ts';
import { formatPlatformAll, parsePlatform, type Platform } from '../../spec/platform.ts';
import { ValueError } from '../../spec/value-error.ts';
import type { From, Stage } from '../instructions/command.ts';
import { fail } from '../problem.ts';
import { expandWord, type Expansion } from '../words/expand.ts';
import { WordError } from '../words/word-error.ts';
import { gather, type EvaluateContext } from './context.ts';
import { emptyImage } from './image-draft.ts';
import { emptyOutline, type OutlineDraft } from './outline-draft.ts';
import type { StageState } from './stage-state.ts';
import { Variables } from './variables.ts';
import { wordProblem } from './word-problem.ts';

/** The base image that is none. */
export const scratch = 'scratch';

/** Makes a state of every stage: its base and platform expanded, and linked to the stage it is based on. */
export function declareStages(context: EvaluateContext, stages: readonly Stage[]): void {
  for (const [index, stage] of stages.entries())
    gather(context.problems, () => {
      declareStage(context, stage, index);
    });
}

function declareStage(context: EvaluateContext, stage: Stage, index: number): void {
  const { from } = stage;
  const base = expandFromWord(context, from, 'base');
  if (base.result === '') {
    const place = {
      span: from.base.span,
      lines: from.origin.lines,
      hint: 'give the variable a default: ARG NAME=value before FROM',
    };
    fail('base-blank', `base name (${from.base.value}) should not be blank`, place);
  }
  const used = new Set(base.matched);
  const platform = from.platform.value === '' ? undefined : stagePlatform(context, from, used);
  const outline = emptyOutline(context.globalArgs.infos);
  const state = newState({ stage, origin: from.origin, baseName: base.result, platform, outline });
  const named = from.name === '' ? undefined : context.namedContext?.(from.name);
  if (named?.kind !== 'stage') state.namedContext = named;
  state.label = from.name === '' ? `stage-${index}` : from.name;
  addState(context, state);
  for (const name of used) state.outline.usedArgs.add(name);
}

/** A state with nothing evaluated yet. */
export function newState(
  parts: Pick<StageState, 'stage' | 'origin' | 'baseName' | 'platform'> & { readonly outline?: OutlineDraft },
): StageState {
  return {
    stage: parts.stage,
    origin: parts.origin,
    label: '',
    baseName: parts.baseName,
    base: undefined,
    namedContext: undefined,
    root: undefined,
    platform: parts.platform,
    dependencies: new Map(),
    commands: [],
    steps: [],
    environment: new Variables(),
    shadowed: new Set(),
    buildArgs: new Variables(),
    image: emptyImage({ os: '', architecture: '' }),
    outline: parts.outline ?? emptyOutline(),
    isDispatched: false,
    isResolved: false,
    hasTriggers: false,
    isWorkdirSet: false,
    lastOf: {},
  };
}

/** Adds a state; its base is a stage if one of exactly that name came before. */
export function addState(context: EvaluateContext, state: StageState): void {
  const base = context.statesByName.get(aliasedStage(context, state.baseName) ?? state.baseName);
  context.states.push(state);
  if (!state.namedContext) state.base = base;
  if (state.stage && state.stage.from.name !== '') context.statesByName.set(state.stage.from.name, state);
}

/** The stage that `--build-context NAME=target:STAGE` puts in the place of a name. */
export function aliasedStage({ namedContext }: EvaluateContext, name: string): string | undefined {
  const named = namedContext?.(name);
  return named?.kind === 'stage' ? named.name.toLowerCase() : undefined;
}

function expandFromWord(context: EvaluateContext, from: From, which: 'base' | 'platform'): Expansion {
  const word = from[which];
  const { values, declared } = context.globalArgs;
  const report = (unmatched: ReadonlySet<string>) => {
    if (unmatched.size === 0) return;
    context.emit({ kind: 'fromWord', word, unmatched, declared, origin: from.origin, comments: from.origin.comments });
  };
  return wordProblem(word, from.origin, (text) => {
    try {
      const expansion = expandWord(text, values, { escape: context.escape });
      report(expansion.unmatched);
      return expansion;
    } catch (error) {
      if (error instanceof WordError) report(error.unmatched);
      throw error;
    }
  });
}

function stagePlatform(context: EvaluateContext, from: From, used: Set<string>): Platform {
  const expansion = expandFromWord(context, from, 'platform');
  const { globalArgs, buildPlatform } = context;
  const parsed = tryPlatform(expansion.result, buildPlatform);
  context.emit({
    kind: 'fromPlatform',
    from,
    expansion,
    targetPlatform: globalArgs.values.get('TARGETPLATFORM'),
    isTarget: expansion.result === formatPlatformAll(context.targetPlatform),
    platform: typeof parsed === 'string' ? undefined : parsed,
    comments: from.origin.comments,
  });
  if (typeof parsed === 'string') return platformProblem(context, from, { expansion, reason: parsed });
  for (const name of expansion.matched) used.add(name);
  return parsed;
}

function tryPlatform(text: string, host: Platform): Platform | string {
  try {
    return parsePlatform(text, host);
  } catch (error) {
    if (error instanceof ValueError) return error.message;
    throw error;
  }
}

function platformProblem(
  { globalArgs }: EvaluateContext,
  from: From,
  { expansion, reason }: { readonly expansion: Expansion; readonly reason: string },
): never {
  const { value, span } = from.platform;
  const suggestions = Array.from(expansion.unmatched, (name) => suggest(name, globalArgs.values.keys()));
  const meant = didYouMean(suggestions.find((suggestion) => suggestion !== undefined));
  const message =
    expansion.result === ''
      ? `empty platform value from expression ${value}${meant}`
      : `failed to parse platform ${value}: ${reason}${meant}`;
  return fail('platform', message, {
    span,
    lines: from.origin.lines,
    hint: 'a platform is os/architecture[/variant], such as linux/amd64',
  });
}
