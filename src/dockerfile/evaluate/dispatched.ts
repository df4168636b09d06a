import type { Command } from '../instructions/command.ts';
import type { EvaluateContext } from './context.ts';
import type { ExpandedCommand } from './expand-command.ts';
import { addHistory } from './image-draft.ts';
import type { StageState } from './stage-state.ts';

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
}

/** Adds a step to the history. */
export function note(
  { context, state }: Pick<Dispatched, 'context' | 'state'>,
  text: () => string,
  hasLayer = false,
): void {
  if (context.keepHistory) addHistory(state.image, text(), hasLayer);
}
