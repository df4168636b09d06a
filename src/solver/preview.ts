import type { VertexState } from '../graph/graph-view.ts';
import { inputsFirst, type Vertex } from '../graph/vertex.ts';
import { checkVertices } from './check-vertices.ts';
import { VertexError } from './vertex-error.ts';
import type { RunContext, VertexRunner } from './vertex-runner.ts';

export interface PreviewOptions {
  /** Stops it. */
  readonly signal: AbortSignal;
}

/**
 * What {@link solve} would do, without running anything; what decides a result is read as it would be, though, and what
 * comes from elsewhere is fetched, since nobody knows what follows from it before it is there. Of equal
 * vertices, the answer has one, and it is that of `inputsFirst`.
 *
 * Throws the {@link VertexError} of a vertex that is plain to fail or whose key cannot be made, as `solve` would; or the reason of the signal.
 */
export async function preview<Result>(
  targets: readonly Vertex[],
  runner: VertexRunner<Result>,
  { signal }: PreviewOptions,
): Promise<ReadonlyMap<Vertex, VertexState>> {
  const states = new Map<Vertex, VertexState>();
  const results = new Map<string, Result>();
  const context: RunContext = { signal, log: () => undefined, progress: () => undefined };
  const order = inputsFirst(targets);
  checkVertices(order, runner);
  for (const vertex of order) {
    signal.throwIfAborted();
    try {
      const inputs = vertex.inputs.map(({ digest }) => results.get(digest));
      const { state, result } = inputs.every((input) => input !== undefined)
        ? await previewVertex(vertex, inputs, { runner, context })
        : { state: 'unknown' as const, result: undefined };
      states.set(vertex, state);
      if (result !== undefined) results.set(vertex.digest, result);
    } catch (error) {
      signal.throwIfAborted();
      throw new VertexError(vertex, error);
    }
  }
  return states;
}

interface PreviewWork<Result> {
  readonly runner: VertexRunner<Result>;
  readonly context: RunContext;
}

async function previewVertex<Result>(
  vertex: Vertex,
  inputs: readonly Result[],
  { runner, context }: PreviewWork<Result>,
): Promise<{ readonly state: VertexState; readonly result: Result | undefined }> {
  const immediate = runner.immediate(vertex, inputs);
  // What is put together from results that are there, is there.
  if (immediate !== undefined) return { state: inputs.length === 0 ? 'source' : 'cached', result: immediate };
  const fetched = await runner.fetch(vertex)?.(context);
  if (fetched) return { state: fetched.ran ? 'run' : 'cached', result: fetched.result };
  const key = await runner.key(vertex, inputs, context);
  const result = vertex.options.ignoreCache ? undefined : runner.find(key);
  return { state: result === undefined ? 'run' : 'cached', result };
}
