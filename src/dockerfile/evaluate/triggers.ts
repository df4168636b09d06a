import { Source } from '../../diagnostic/source.ts';
import { parseInstruction } from '../instructions/parse-instruction.ts';
import { parseDockerfile } from '../parser/parse.ts';
import { fail, ProblemError } from '../problem.ts';
import type { EvaluateContext } from './context.ts';
import { linkCommand } from './link-stages.ts';
import type { StageCommand, StageState } from './stage-state.ts';

/**
 * Puts the triggers of its base in front of a stage's commands. Whether they take files from elsewhere is the answer.
 *
 * A problem in a trigger is placed at FROM, which runs it.
 */
export function addTriggers(context: EvaluateContext, state: StageState, triggers: readonly string[]): boolean {
  const commands = triggers.map((trigger) => triggerCommand(context, state, trigger));
  state.commands = [...commands, ...state.commands];
  return commands.some(({ sources }) => sources.length > 0);
}

function triggerCommand(context: EvaluateContext, state: StageState, trigger: string): StageCommand {
  const { problems, statements } = parseDockerfile(new Source('ONBUILD', trigger));
  const [statement, ...others] = statements;
  const { lines, span } = state.origin;
  const hint = 'the image has an ONBUILD trigger that no build can run; use another image';
  const misformed = problems[0];
  if (misformed) throw new ProblemError({ ...misformed, span, lines });
  if (!statement || others.length > 0) {
    return fail('onbuild', 'onbuild trigger should be a single expression', { span, lines, hint });
  }
  return atFrom(state, () => {
    const command = parseInstruction({ ...statement, lines });
    if (command.kind === 'from')
      return fail('onbuild', '*instructions.Stage is not a command type', { span, lines, hint });
    const placed = { ...command, origin: { ...command.origin, lines, span } };
    return linkCommand(context, state, { command: placed, isOnbuild: true });
  });
}

/** Places a problem with a trigger at FROM, which runs it: the trigger itself is in no file at hand. */
export function atFrom<Result>({ origin }: StageState, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ProblemError)) throw error;
    const { span, lines } = origin;
    throw new ProblemError({ ...error.problem, span, lines });
  }
}
