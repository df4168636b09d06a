import { formatReference, parseReference, tagNameOnly, type Reference } from '../../spec/reference.ts';
import { quote } from '../../spec/quote.ts';
import { ValueError } from '../../spec/value-error.ts';
import { image } from '../hints.ts';
import { fail } from '../problem.ts';
import { gather, type EvaluateContext } from './context.ts';
import { scratch } from './declare-stages.ts';
import { emptyImage, imageDraft, inheritImage } from './image-draft.ts';
import { addTriggers } from './triggers.ts';
import { reachableStates } from './outline.ts';
import type { StageRoot, StageState } from './stage-state.ts';

/**
 * Gives every stage that is needed the image it begins with, and the triggers of its base, which may need more stages.
 * The stages that the target needs are the answer.
 */
export function resolveBases(context: EvaluateContext, target: StageState): ReadonlySet<StageState> {
  const needed = new Set(reachableStates(target));
  const order = new Map<StageState, number>();
  let fresh: readonly StageState[] = [...context.states];
  while (fresh.length > 0) {
    for (const state of fresh) {
      if (state.base || state.isDispatched || state.isResolved) continue;
      gather(context.problems, () => {
        resolveBase(context, state, context.allStages || needed.has(state));
      });
    }
    const grown = fresh.filter((state) => needed.has(state)).filter((state) => startStage(context, state));
    for (const state of context.states.slice(order.size)) order.set(state, order.size);
    fresh = addNeeds(needed, grown).sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
  }
  return needed;
}

/** Adds what some stages have come to need; what was not needed before is the answer. */
function addNeeds(needed: Set<StageState>, grown: readonly StageState[]): StageState[] {
  const fresh: StageState[] = [];
  const add = (state: StageState) => {
    if (!needed.has(state)) fresh.push(state);
    needed.add(state);
  };
  for (const { dependencies } of grown) for (const dependency of dependencies.keys()) add(dependency);
  for (const { base, dependencies } of fresh) {
    if (base) add(base);
    for (const dependency of dependencies.keys()) add(dependency);
  }
  return fresh;
}

function resolveBase(context: EvaluateContext, state: StageState, isNeeded: boolean): void {
  state.isResolved = isNeeded;
  // What is not a stage has no commands.
  if (!state.stage) state.isDispatched = true;
  if (state.baseName === scratch && !state.namedContext) {
    startFromNothing(context, state, { kind: 'scratch' });
    return;
  }
  const named = state.namedContext ?? context.namedContext?.(state.baseName);
  if (named?.kind === 'local' || named?.kind === 'scratch') {
    startFromNothing(context, state, named);
    return;
  }
  const reference =
    (named?.kind === 'image' ? named.reference : undefined) ?? formatReference(tagNameOnly(baseReference(state)));
  state.root = { kind: 'image', reference };
  state.platform ??= context.targetPlatform;
  if (!isNeeded) return;
  context.images.push(reference);
  const { platform } = state;
  // With a problem the build ends before anybody asks for an image.
  const image = context.problems.length === 0 ? context.baseImage(reference, platform, state.origin) : undefined;
  state.image = imageDraft(image ?? { ...platform, config: {}, history: [] }, platform);
  if (!image || !state.stage) return;
  const { from } = state.stage;
  const actual = {
    os: image.os,
    architecture: image.architecture,
    ...(image.variant !== undefined && { variant: image.variant }),
  };
  context.emit({ kind: 'basePlatform', from, name: state.baseName, expected: platform, actual });
}

function startFromNothing({ targetPlatform }: EvaluateContext, state: StageState, root: StageRoot): void {
  state.image = emptyImage(targetPlatform);
  state.platform = targetPlatform;
  state.root = root;
}

function baseReference({ stage, baseName, origin }: StageState): Reference {
  try {
    return parseReference(baseName);
  } catch (error) {
    if (!(error instanceof ValueError)) throw error;
    const span = stage?.from.base.span ?? origin.span;
    // An image that a mount names has no place of its own in BuildKit.
    const lines = stage || origin.keyword.value.toLowerCase() === 'copy' ? origin.lines : undefined;
    return fail('base-reference', `failed to parse stage name ${quote(baseName)}: ${error.message}`, {
      span,
      lines,
      hint: image,
    });
  }
}

/** Adds the triggers of its base, an image or a stage, to a stage. Whether it needs more stages for them is the answer. */
function startStage(context: EvaluateContext, state: StageState): boolean {
  const triggers = [...state.image.onbuild];
  if (state.base && !state.hasTriggers) {
    for (const { command } of state.base.commands) if (command.kind === 'onbuild') triggers.push(command.expression);
    state.hasTriggers = true;
  }
  state.image.onbuild = [];
  let needsMore = false;
  gather(context.problems, () => {
    needsMore = addTriggers(context, state, triggers);
  });
  return needsMore;
}

/** Takes over what the base has. */
export function inherit(state: StageState): void {
  const { base } = state;
  if (!base) return;
  state.platform = base.platform;
  state.image = inheritImage(base.image);
  state.isWorkdirSet = base.isWorkdirSet;
  state.buildArgs = base.buildArgs.fork();
}
