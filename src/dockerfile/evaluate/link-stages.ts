import { quote } from '../../spec/quote.ts';
import { suggest, didYouMean } from '../../diagnostic/suggest.ts';
import type { Source } from '../../diagnostic/source.ts';
import { ValueError } from '../../spec/value-error.ts';
import type { Command, Origin } from '../instructions/command.ts';
import { mountSource } from '../instructions/mount.ts';
import { fail } from '../problem.ts';
import { atoi } from '../values/integer.ts';
import { emptyEnvironment } from '../words/environment.ts';
import { expandWord } from '../words/expand.ts';
import { gather, type EvaluateContext } from './context.ts';
import { addState, aliasedStage, newState, scratch } from './declare-stages.ts';
import type { StageCommand, StageState } from './stage-state.ts';
import { wordProblem } from './word-problem.ts';

/** Finds out what every stage takes files from. */
export function linkStages(context: EvaluateContext): void {
  // The list grows by the images that are copied from or mounted; they have no commands.
  for (const state of [...context.states]) {
    if (state.namedContext) continue;
    state.commands = (state.stage?.commands ?? []).flatMap((command) => {
      const linked: StageCommand[] = [];
      gather(context.problems, () => linked.push(linkCommand(context, state, { command, isOnbuild: false })));
      return linked;
    });
  }
}

/** The state that the target names. Throws ProblemError `target`. */
export function findTarget(context: EvaluateContext, file: Source): StageState | undefined {
  const { target, states, statesByName } = context;
  if (target === undefined || target === '') return states.findLast(({ stage }) => stage !== undefined);
  const found = statesByName.get(target.toLowerCase());
  if (found) return found;
  const names = states.flatMap(({ label }) => (label === '' ? [] : [label]));
  const message = `target stage ${quote(target)} could not be found${didYouMean(suggest(target, names))}`;
  return fail('target', message, { span: { source: file, start: 0, end: 0 }, hint: `stages are: ${names.join(', ')}` });
}

/** A command with the states it takes files from, which its stage then depends on. */
export function linkCommand(
  context: EvaluateContext,
  state: StageState,
  { command, isOnbuild }: { readonly command: Command; readonly isOnbuild: boolean },
): StageCommand {
  const sources = sourcesOf(context, command);
  for (const source of sources) state.dependencies.set(source, command.origin);
  return { command, sources, isOnbuild };
}

function sourcesOf(context: EvaluateContext, command: Command): readonly StageState[] {
  if (command.kind === 'copy' && command.from.value !== '') return [copySource(context, command)];
  if (command.kind === 'run') {
    return command.mounts.map(({ value }) => stateByName(context, mountSource(value) || scratch, command.origin));
  }
  return [];
}

function copySource(context: EvaluateContext, { from, origin }: Extract<Command, { kind: 'copy' }>): StageState {
  const { escape, states } = context;
  const { result } = wordProblem(from, origin, (text) => expandWord(text, emptyEnvironment, { escape }));
  const place = { span: from.span, lines: undefined };
  if (result !== from.value) {
    const message =
      'variable expansion is not supported for --from, define a new stage with FROM using ARG from global scope as a workaround';
    fail('from-variable', message, { ...place, hint: 'FROM $IMAGE AS name, then --from=name' });
  }
  const index = tryIndex(from.value);
  if (index === undefined) return stateByName(context, from.value, origin);
  return (
    states[index] ?? fail('stage-index', `invalid stage index ${index}`, { ...place, hint: 'stages count from 0' })
  );
}

function stateByName(context: EvaluateContext, name: string, origin: Origin): StageState {
  const known = context.statesByName.get(aliasedStage(context, name) ?? name.toLowerCase());
  if (known) return known;
  const image = newState({ stage: undefined, origin, baseName: name, platform: undefined });
  addState(context, image);
  return image;
}

function tryIndex(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  try {
    return atoi(text);
  } catch (error) {
    if (error instanceof ValueError) return undefined;
    throw error;
  }
}
