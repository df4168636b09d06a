import { isKilnError, KilnError } from '../../diagnostic/kiln-error.ts';
import type { ProgressSink } from '../../progress/build-event.ts';
import type { CommandContext } from '../context.ts';
import { canceled } from '../exit-code.ts';
import { buildFailures, buildFailureText } from '../format/build-failure.ts';
import { mindInterruption } from '../interruption.ts';
import { createProgress } from '../progress/create-progress.ts';
import type { BuildRequest } from '../request/build-request.ts';
import { removeStale, writeFile } from '../write-file.ts';

/** What a build has made. */
export interface BuildResult {
  /** Digest of the image; absent if none was made. */
  readonly imageId?: string;
  /** What `--metadata-file` gets. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** `kiln build` without `--check` and `--call`: the exit code is 1 if the build fails, 130 if it is interrupted. */
export async function runBuild(request: BuildRequest, context: CommandContext): Promise<void> {
  const { terminal } = context;
  if (request.notActedOn.length > 0) terminal.err(`warning: not acted on: ${request.notActedOn.join(', ')}\n`);
  if (request.imageIdFile !== undefined) removeStale(request.imageIdFile);
  using interruption = mindInterruption();
  const progress = createProgress(request.progress, { terminal, debug: request.debug });
  let result: BuildResult | undefined;
  try {
    result = await build(request, { sink: progress.sink, signal: interruption.signal });
  } catch (error) {
    progress.finish({});
    if (isUsageError(error)) throw error;
    fail(error, interruption.signal, context);
    return;
  }
  progress.finish(result);
  writeResult(request, result);
}

interface BuildRun {
  readonly sink: ProgressSink;
  /** Stops the build. */
  readonly signal: AbortSignal;
}

/** The one place where the engine is called. */
const build: (request: BuildRequest, run: BuildRun) => Promise<BuildResult> = () => {
  const hint = 'add --check, --call=outline or --call=targets; this version reads and checks, it does not build';
  return Promise.reject(new KilnError('cli/build', 'nothing to do', { hint }));
};

/** What is wrong with the command line is told as every command tells it. */
function isUsageError(error: unknown): boolean {
  return isKilnError(error) && error.code.startsWith('cli/');
}

function fail(error: unknown, { aborted }: AbortSignal, context: CommandContext): void {
  const failures = aborted ? [{ message: 'Canceled: context canceled' }] : buildFailures(error);
  if (!failures) throw error;
  const { err, errColor } = context.terminal;
  for (const failure of failures) err(buildFailureText(failure, { color: errColor }));
  context.exitCode = aborted ? canceled : 1;
}

function writeResult({ imageIdFile, metadataFile }: BuildRequest, { imageId = '', metadata }: BuildResult): void {
  if (imageIdFile !== undefined) writeFile(imageIdFile, imageId);
  if (metadataFile !== undefined) writeFile(metadataFile, JSON.stringify(metadata, undefined, 2));
}
