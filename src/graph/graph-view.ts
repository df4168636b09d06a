import { inputsFirst, type Vertex } from './vertex.ts';

/** What a build would do with a vertex. */
export type VertexState =
  /** Nothing to do: an image, a directory. */
  | 'source'
  /** Its result is there already. */
  | 'cached'
  | 'run'
  /** Its inputs have to run before anybody can tell. */
  | 'unknown';

/** A graph to look at: plain data, ready to be written as JSON. */
export interface GraphView {
  /** Inputs come before what they are inputs of. */
  readonly vertices: readonly VertexView[];
  /** Digests of the vertices that are wanted. */
  readonly targets: readonly string[];
}

export interface VertexView {
  readonly digest: string;
  readonly name: string;
  /** Kind of the operation: `exec`, `file`, `image`, ... */
  readonly kind: string;
  /** Digests. The first is what the vertex begins with. */
  readonly inputs: readonly string[];
  readonly state: VertexState;
  /** Name of the stage it is a step of. */
  readonly stage?: string;
  /** First and last line of the Dockerfile, 1-based. */
  readonly lines?: readonly [number, number];
  /** The operation. */
  readonly op: unknown;
}

/** What there is to see of some vertices and all that they need. Equal vertices are one. */
export function graphView(targets: readonly Vertex[], stateOf: (vertex: Vertex) => VertexState): GraphView {
  return {
    vertices: inputsFirst(targets).map((vertex) => vertexView(vertex, stateOf(vertex))),
    targets: [...new Set(targets.map(({ digest }) => digest))],
  };
}

function vertexView({ digest, op, inputs, options: { name, stage, span } }: Vertex, state: VertexState): VertexView {
  return {
    ...{ digest, name, kind: op.kind, inputs: inputs.map((input) => input.digest), state },
    ...(stage !== undefined && { stage }),
    ...(span && { lines: [span.source.lineAt(span.start), span.source.lineAt(Math.max(span.start, span.end - 1))] }),
    op,
  };
}
