import { isKilnError } from '../../diagnostic/kiln-error.ts';
import type { LintResult, Problem } from '../../engine/index.ts';
import type { CommandContext } from '../context.ts';
import { canceled } from '../exit-code.ts';
import { buildFailures, buildFailureText, type BuildFailure } from '../format/build-failure.ts';
import { buildkitMessage } from '../format/check-report.ts';

/** What is wrong with a Dockerfile; the first of them is the one that BuildKit names. */
export class InvalidDockerfile extends Error {
  readonly problems: readonly Problem[];
  readonly file: LintResult['file'];

  constructor({ problems, file }: Pick<LintResult, 'problems' | 'file'>) {
    super('the Dockerfile cannot be built');
    this.problems = problems;
    this.file = file;
  }
}

/** Prints why a build failed, and sets the exit code. What is not for the user to read, or about the command line, is thrown. */
export function reportFailure(error: unknown, { aborted }: AbortSignal, context: CommandContext): void {
  if (isUsageError(error)) throw error;
  if (aborted) {
    reportCanceled(context);
    return;
  }
  const failures = failuresOf(error);
  if (!failures) throw error;
  const { err, errColor } = context.terminal;
  for (const failure of failures) err(buildFailureText(failure, { color: errColor }));
  context.exitCode = 1;
}

/** Says that a signal stopped the build, in the words of buildx. */
export function reportCanceled(context: CommandContext): void {
  const { err, errColor } = context.terminal;
  err(buildFailureText({ message: 'Canceled: context canceled' }, { color: errColor }));
  context.exitCode = canceled;
}

function failuresOf(error: unknown): readonly BuildFailure[] | undefined {
  if (!(error instanceof InvalidDockerfile)) return buildFailures(error);
  const [first, ...others] = error.problems;
  if (!first) return [];
  const { span, lines, hint } = first;
  const also = others.map((problem) => `line ${lineOf(problem)}: ${problem.message}`);
  return [{ message: buildkitMessage(error, first), source: span.source, lines, hint, also }];
}

function lineOf({ span: { source, start }, lines }: Problem): number {
  return lines?.[0] ?? source.lineAt(start);
}

/** What is wrong with the command line is told as every command tells it. */
function isUsageError(error: unknown): boolean {
  return isKilnError(error) && error.code.startsWith('cli/');
}
