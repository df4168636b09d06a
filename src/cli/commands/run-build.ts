import { resolve } from 'node:path';
import { isKilnError } from '../../diagnostic/kiln-error.ts';
import type { LintResult, Problem } from '../../engine/index.ts';
import type { ProgressSink } from '../../progress/build-event.ts';
import type { CommandContext } from '../context.ts';
import { canceled } from '../exit-code.ts';
import { buildFailures, buildFailureText, type BuildFailure } from '../format/build-failure.ts';
import { buildkitMessage } from '../format/check-report.ts';
import { mindInterruption } from '../interruption.ts';
import { createProgress } from '../progress/create-progress.ts';
import type { BuildRequest } from '../request/build-request.ts';
import type { Terminal } from '../terminal.ts';
import { removeStale, writeFile } from '../write-file.ts';
import { engineBuildOptions } from './engine-build-options.ts';
import { readInput } from './read-input.ts';

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
    result = await build(request, { terminal, sink: progress.sink, signal: interruption.signal });
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
  readonly terminal: Terminal;
  readonly sink: ProgressSink;
  /** Stops the build. */
  readonly signal: AbortSignal;
}

/** Nothing of the engine is loaded before there is something to build. */
async function build(request: BuildRequest, { sink, signal, terminal }: BuildRun): Promise<BuildResult> {
  const engine = await import('../../engine/build/build.ts');
  const dockerfile = readInput(request.context, request.file, terminal);
  const context = request.context === '-' ? undefined : resolve(request.context);
  const outcome = await engine.build({ ...engineBuildOptions(request, dockerfile, context), sink, signal });
  if (outcome.kind === 'invalid') throw new InvalidDockerfile(outcome);
  const { imageId, metadata } = outcome.exported;
  return { ...(imageId !== undefined && { imageId }), metadata };
}

/** What is wrong with a Dockerfile; the first of them is the one that BuildKit names. */
class InvalidDockerfile extends Error {
  readonly problems: readonly Problem[];
  readonly file: LintResult['file'];

  constructor({ problems, file }: Pick<LintResult, 'problems' | 'file'>) {
    super('the Dockerfile cannot be built');
    this.problems = problems;
    this.file = file;
  }
}

/** What is wrong with the command line is told as every command tells it. */
function isUsageError(error: unknown): boolean {
  return isKilnError(error) && error.code.startsWith('cli/');
}

function fail(error: unknown, { aborted }: AbortSignal, context: CommandContext): void {
  const failures = aborted ? [{ message: 'Canceled: context canceled' }] : failuresOf(error);
  if (!failures) throw error;
  const { err, errColor } = context.terminal;
  for (const failure of failures) err(buildFailureText(failure, { color: errColor }));
  context.exitCode = aborted ? canceled : 1;
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

function writeResult({ imageIdFile, metadataFile }: BuildRequest, { imageId = '', metadata }: BuildResult): void {
  if (imageIdFile !== undefined) writeFile(imageIdFile, imageId);
  if (metadataFile !== undefined) writeFile(metadataFile, JSON.stringify(metadata, undefined, 2));
}
