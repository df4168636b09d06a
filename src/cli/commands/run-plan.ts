import type { CommandContext } from '../context.ts';
import { mindInterruption } from '../interruption.ts';
import type { PlanRequest } from '../request/plan-request.ts';
import { engineBuildOptions } from './engine-build-options.ts';
import { InvalidDockerfile, reportFailure } from './report-failure.ts';

/** Prints the plan of a build on standard output: what would be run, and what is there already. */
export async function runPlan(request: PlanRequest, context: CommandContext): Promise<void> {
  const { signal } = mindInterruption();
  try {
    context.terminal.out(await plan(request, { signal, context }));
  } catch (error) {
    reportFailure(error, signal, context);
  }
}

async function plan(
  { build, format }: PlanRequest,
  { signal, context: { terminal } }: { readonly signal: AbortSignal; readonly context: CommandContext },
): Promise<string> {
  const { previewBuild } = await import('../../engine/build/preview.ts');
  const options = { ...engineBuildOptions(build, terminal), sink: () => undefined, signal };
  const preview = await previewBuild(options, format);
  if (preview.kind === 'invalid') throw new InvalidDockerfile(preview);
  return preview.text;
}
