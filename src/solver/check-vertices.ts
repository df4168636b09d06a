import type { Vertex } from '../graph/vertex.ts';
import { VertexError } from './vertex-error.ts';
import type { VertexRunner } from './vertex-runner.ts';

/**
 * Throws the {@link VertexError} of a vertex of which it is plain that it will fail: of the last such, since BuildKit looks at
 * them from the target on.
 *
 * @param order inputs come before what they are inputs of
 */
export function checkVertices<Result>(order: readonly Vertex[], runner: VertexRunner<Result>): void {
  for (const vertex of order.toReversed()) {
    const inputs = vertex.inputs.map((input) => (input.inputs.length === 0 ? runner.immediate(input, []) : undefined));
    try {
      runner.check(vertex, inputs);
    } catch (error) {
      throw new VertexError(vertex, error);
    }
  }
}
