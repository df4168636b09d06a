import {
  checkDockerfile,
  listTargets,
  outlineDockerfile,
  type CheckOptions,
  type Described,
  type DockerfileInput,
} from '../../engine/index.ts';
import type { CommandContext } from '../context.ts';
import { checkReport, problemText } from '../format/check-report.ts';
import { describeMethods } from '../format/describe-methods.ts';
import { outlineReport } from '../format/outline-report.ts';
import type { Interruption } from '../interruption.ts';
import { targetsReport } from '../format/targets-report.ts';
import type { BuildRequest } from '../request/build-request.ts';
import type { CallMethod } from './call-method.ts';
import { readInput } from './read-input.ts';
import { reportCanceled } from './report-failure.ts';

/** Answers a question about a Dockerfile, with the output and the exit code of `docker buildx build --call`. */
export async function runCall(
  request: BuildRequest,
  method: CallMethod,
  { context, interruption }: { readonly context: CommandContext; readonly interruption: Interruption },
): Promise<void> {
  let input: DockerfileInput;
  try {
    input = await readInput(request, context.terminal, interruption);
  } catch (error) {
    if (!interruption.signal.aborted) throw error;
    reportCanceled(context);
    return;
  }
  const options: CheckOptions = {
    buildArgs: request.buildArgs,
    target: request.target,
    platform: request.platforms[0],
  };
  switch (method.name) {
    case 'check':
      check(input, { options, method, context });
      break;
    case 'outline':
      describe(input, outlineDockerfile(input, options), {
        context,
        print: (outline) => outlineReport(outline, input.source, method),
      });
      break;
    case 'targets':
      describe(input, listTargets(input), { context, print: (stages) => targetsReport(stages, input.source, method) });
      break;
    case 'subrequests.describe':
      context.terminal.out(describeMethods(method));
      break;
  }
}

interface CheckRun {
  readonly options: CheckOptions;
  readonly method: CallMethod;
  readonly context: CommandContext;
}

function check(input: DockerfileInput, { options, method, context }: CheckRun): void {
  const result = checkDockerfile(input, options);
  context.terminal.out(checkReport(result, input.source, method));
  const [first] = result.problems;
  if (first) fail(input, result, context);
  else if (result.warnings.length > 0 && !method.ignoreStatus) context.exitCode = 1;
}

function describe<Answer>(
  input: DockerfileInput,
  described: Described<Answer>,
  { context, print }: { readonly context: CommandContext; readonly print: (answer: Answer) => string },
): void {
  if (described.problems) fail(input, described, context);
  else context.terminal.out(print(described.answer));
}

function fail(input: DockerfileInput, result: Parameters<typeof problemText>[0], context: CommandContext): void {
  context.terminal.err(`ERROR: ${problemText(result, input.source)}`);
  context.exitCode = 1;
}
