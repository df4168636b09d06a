import type { Command } from '../instructions/command.ts';
import type { EvaluateContext } from './context.ts';
import type { ExpandedCommand } from './expand-command.ts';
import { addHistory } from './image-draft.ts';
import { stepName } from './step-name.ts';
import type { RunStep, StageState, StepScene, TransferStep, WorkdirStep } from './stage-state.ts';

/** A command on its way into a stage. */
export interface Dispatched<Kind extends Command['kind'] = Command['kind']> {
  readonly context: EvaluateContext;
  readonly state: StageState;
  /** Expanded. */
  readonly command: Extract<Command, { kind: Kind }>;
  /** As written. */
  readonly written: Extract<Command, { kind: Kind }>;
  readonly sources: readonly StageState[];
  readonly mounts: ExpandedCommand['mounts'];
  /** Whether it is a trigger of the base. */
  readonly isOnbuild: boolean;
}

/** Adds a step to the history. */
export function note(
  { context, state }: Pick<Dispatched, 'context' | 'state'>,
  text: () => string,
  hasLayer = false,
): void {
  if (context.keepSteps) addHistory(state.image, text(), hasLayer);
}

/** Adds a step to the stage, with the scene as it is now. */
export function addStep(
  dispatched: Dispatched<'run'> | Dispatched<'add'> | Dispatched<'copy'> | Dispatched<'workdir'>,
  step: () => Omit<RunStep, keyof StepScene> | Omit<TransferStep, keyof StepScene> | Omit<WorkdirStep, keyof StepScene>,
): void {
  const { context, state, command, isOnbuild, mounts } = dispatched;
  if (!context.keepSteps) return;
  const { environment, image } = state;
  const secrets = mounts.flatMap(({ type, env: variable }) => (type === 'secret' && variable ? [variable] : []));
  const name = stepName({ command, environment, escape: context.escape, isOnbuild, secrets });
  const env = Array.from(environment.entries(), ([name, value]) => `${name}=${value}`);
  state.steps.push({ ...step(), name, env, workdir: image.workdir.path, user: image.user });
}
