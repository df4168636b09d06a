import type { Vertex } from '../graph/vertex.ts';

/** A vertex could not be made. `cause` says why. */
export class VertexError extends Error {
  override readonly name = 'VertexError';
  readonly vertex: Vertex;

  constructor(vertex: Vertex, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.vertex = vertex;
  }
}
