import type { CacheKey } from '../cache/cache-key.ts';
import type { Vertex } from '../graph/vertex.ts';

/** What a running vertex can say and hear. */
export interface RunContext {
  /** Aborted when the build is to stop. */
  readonly signal: AbortSignal;
  /** Output of a program: 1 is standard output, 2 standard error. */
  readonly log: (stream: 1 | 2, data: Uint8Array) => void;
  /** How far it is. */
  readonly progress: (id: string, current: number, total?: number) => void;
}

/** What vertices do, and where their results are kept. */
export interface VertexRunner<Result> {
  /** A result that needs no work and is not worth keeping: a base image, a directory of the user. */
  readonly immediate: (vertex: Vertex, inputs: readonly Result[]) => Result | undefined;
  /**
   * Throws if it is plain that a vertex will fail. Called for every vertex before any is run, with the inputs that are
   * immediate, so that nobody waits an hour to hear of a file that is missing.
   */
  readonly check: (vertex: Vertex, inputs: readonly (Result | undefined)[]) => void;
  /**
   * How to get a result that nothing but its origin decides, such as a file from the web; undefined if a key decides it. What
   * came from there earlier and is still right is not `ran`.
   */
  readonly fetch: (vertex: Vertex) => ((context: RunContext) => Promise<Outcome<Result>>) | undefined;
  /** What decides the result. May read what the inputs are. */
  readonly key: (vertex: Vertex, inputs: readonly Result[], context: RunContext) => Promise<CacheKey>;
  /** The result of an earlier run with this key. */
  readonly find: (key: CacheKey) => Result | undefined;
  /**
   * Makes the result and keeps it under the key. Another process may be about to do the same: then it waits for that, and
   * takes its result unless `isFresh` asks for a new one. Whether it ran anything is part of the answer.
   */
  readonly run: (work: Work<Result>, context: RunContext) => Promise<Outcome<Result>>;
  /** Told of every vertex once: there is a result, or there will be none. */
  readonly settled?: (vertex: Vertex) => void;
}

export interface Work<Result> {
  readonly vertex: Vertex;
  readonly inputs: readonly Result[];
  readonly key: CacheKey;
  /** An earlier result is not wanted. */
  readonly isFresh: boolean;
}

export interface Outcome<Result> {
  readonly result: Result;
  readonly ran: boolean;
}
