import type { ProgressSink } from '../../progress/build-event.ts';
import type { CommandContext } from '../context.ts';
import { createProgress } from '../progress/create-progress.ts';
import type { BuildRequest } from '../request/build-request.ts';
import { checkDestinations } from '../check-destinations.ts';
import type { Terminal } from '../terminal.ts';
import { removeStale, writeFile } from '../write-file.ts';
import { engineBuildOptions } from './engine-build-options.ts';
import { InvalidDockerfile, reportFailure } from './report-failure.ts';

/** What a build has made. */
export interface BuildResult {
  /** Digest of the image; absent if none was made. */
  readonly imageId?: string;
  /** What `--metadata-file` gets. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** `kiln build` without `--check` and `--call`: the exit code is 1 if the build fails, 130 if it is interrupted. */
export async function runBuild(request: BuildRequest, context: CommandContext, signal: AbortSignal): Promise<void> {
  const { terminal } = context;
  if (request.notActedOn.length > 0) terminal.err(`warning: not acted on: ${request.notActedOn.join(', ')}\n`);
  if (request.outputs.some((output) => output.kind === 'store' && output.push)) terminal.err(nothingIsPushed);
  checkDestinations(request);
  if (request.imageIdFile !== undefined) removeStale(request.imageIdFile);
  const progress = createProgress(request.progress, { terminal, debug: request.debug });
  let result: BuildResult | undefined;
  try {
    result = await build(request, { terminal, sink: progress.sink, signal });
  } catch (error) {
    progress.finish({});
    reportFailure(error, signal, context);
    return;
  }
  progress.finish(result);
  writeResult(request, result);
}

const nothingIsPushed =
  'warning: nothing is pushed: write an archive with -o type=oci,dest=FILE, and push that, for instance with skopeo copy\n';

interface BuildRun {
  readonly terminal: Terminal;
  readonly sink: ProgressSink;
  /** Stops the build. */
  readonly signal: AbortSignal;
}

/** Nothing of the engine is loaded before there is something to build. */
async function build(request: BuildRequest, { sink, signal, terminal }: BuildRun): Promise<BuildResult> {
  const engine = await import('../../engine/build/build.ts');
  const outcome = await engine.build({ ...engineBuildOptions(request, terminal), sink, signal });
  if (outcome.kind === 'invalid') throw new InvalidDockerfile(outcome);
  const { imageId, metadata } = outcome.exported;
  return { ...(imageId !== undefined && { imageId }), metadata };
}

function writeResult({ imageIdFile, metadataFile }: BuildRequest, { imageId = '', metadata }: BuildResult): void {
  if (imageIdFile !== undefined) writeFile(imageIdFile, imageId);
  if (metadataFile !== undefined) writeFile(metadataFile, JSON.stringify(metadata, undefined, 2));
}
