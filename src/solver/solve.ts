import PQueue from 'p-queue';
import { inputsFirst, type Vertex } from '../graph/vertex.ts';
import type { Clock } from '../progress/clock.ts';
import type { ProgressSink } from '../progress/build-event.ts';
import { checkVertices } from './check-vertices.ts';
import { VertexError } from './vertex-error.ts';
import { VertexReporter } from './vertex-reporter.ts';
import type { Outcome, RunContext, VertexRunner } from './vertex-runner.ts';

export interface SolveOptions<Result> {
  readonly runner: VertexRunner<Result>;
  /** How many vertices run at a time. */
  readonly jobs: number;
  readonly sink: ProgressSink;
  readonly clock: Clock;
  /** Stops the build. */
  readonly signal: AbortSignal;
  /** Go on with what does not need a vertex that failed. */
  readonly keepGoing: boolean;
}

export interface Solution<Result> {
  /** Of the targets, in their order. */
  readonly results: readonly Result[];
  /** Vertices that were run, not taken from earlier runs. */
  readonly ran: number;
}

/**
 * Makes the results of some vertices. When it returns or throws, nothing is running any more.
 *
 * Throws the {@link VertexError} that came first; or the reason of the signal.
 */
export async function solve<Result>(
  targets: readonly Vertex[],
  options: SolveOptions<Result>,
): Promise<Solution<Result>> {
  const solver = new Solver(options);
  const order = inputsFirst(targets);
  checkVertices(order, options.runner);
  for (const vertex of order) solver.add(vertex);
  return solver.finish(targets);
}

class Solver<Result> {
  readonly #options: SolveOptions<Result>;
  readonly #queue: PQueue;
  readonly #stop = new AbortController();
  /** By digest. */
  readonly #results = new Map<string, Promise<Result>>();
  #failure: VertexError | undefined;
  #ran = 0;
  #isBeginning = false;

  constructor(options: SolveOptions<Result>) {
    this.#options = options;
    this.#queue = new PQueue({ concurrency: options.jobs });
  }

  /** A vertex whose inputs were added before. */
  add(vertex: Vertex): void {
    const result = this.#make(vertex);
    this.#results.set(vertex.digest, result);
    const settled = (): void => this.#options.runner.settled?.(vertex);
    // Whoever needs it hears of a failure; nobody may need it any more.
    result.then(settled, settled);
  }

  async finish(targets: readonly Vertex[]): Promise<Solution<Result>> {
    const { signal } = this.#options;
    const stop = () => {
      this.#stop.abort(signal.reason);
    };
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop);
    try {
      await Promise.allSettled(this.#results.values());
    } finally {
      signal.removeEventListener('abort', stop);
    }
    if (signal.aborted) throw signal.reason;
    if (this.#failure) throw this.#failure;
    const results = await Promise.all(targets.map((target) => this.#resultOf(target)));
    return { results, ran: this.#ran };
  }

  #resultOf(vertex: Vertex): Promise<Result> {
    return this.#results.get(vertex.digest) ?? Promise.reject(new Error(`vertex ${vertex.digest} was not added`));
  }

  async #make(vertex: Vertex): Promise<Result> {
    const inputs = await Promise.all(vertex.inputs.map((input) => this.#resultOf(input)));
    const { runner, sink, clock } = this.#options;
    const report = new VertexReporter(vertex, sink, clock);
    try {
      this.#stop.signal.throwIfAborted();
      const immediate = runner.immediate(vertex, inputs);
      if (immediate) {
        report.found();
        return immediate;
      }
      return await this.#find(vertex, inputs, report);
    } catch (error) {
      const isKnown = error instanceof VertexError && error.vertex === vertex;
      throw isKnown ? error : this.#failed(vertex, error, report);
    }
  }

  async #find(vertex: Vertex, inputs: readonly Result[], report: VertexReporter): Promise<Result> {
    const { runner } = this.#options;
    const context: RunContext = { signal: this.#stop.signal, log: report.log, progress: report.progress };
    const fetch = runner.fetch(vertex);
    if (fetch) return this.#run(vertex, report, () => fetch(context));
    const key = await runner.key(vertex, inputs, context);
    const isFresh = vertex.options.ignoreCache;
    const found = isFresh ? undefined : runner.find(key);
    if (found) {
      report.found();
      return found;
    }
    return this.#run(vertex, report, () => runner.run({ vertex, inputs, key, isFresh }, context));
  }

  /** Does some work when it is its turn. */
  async #run(vertex: Vertex, report: VertexReporter, work: () => Promise<Outcome<Result>>): Promise<Result> {
    const outcome = await this.#queue.add(async () => {
      await this.#turn();
      this.#stop.signal.throwIfAborted();
      report.started();
      try {
        return await work();
      } catch (error) {
        // Here, before the queue begins what is next.
        throw this.#failed(vertex, error, report);
      }
    });
    if (outcome.ran) {
      this.#ran++;
      report.completed();
    } else {
      report.found();
    }
    return outcome.result;
  }

  /**
   * Of what can be begun at once, each gets as far as it gets without waiting before the next begins: else all programs would be
   * started when the last of them is prepared.
   */
  async #turn(): Promise<void> {
    if (this.#isBeginning) {
      await afterOthers();
      return;
    }
    this.#isBeginning = true;
    setImmediate(() => {
      this.#isBeginning = false;
    });
  }

  /** What came first is what the user is to see; what was stopped because of it is not. */
  #failed(vertex: Vertex, error: unknown, report: VertexReporter): VertexError {
    const isStopped = this.#stop.signal.aborted;
    const failure = new VertexError(vertex, error);
    report.failed(isStopped ? 'context canceled' : failure.message);
    if (!isStopped) {
      this.#failure ??= failure;
      if (!this.#options.keepGoing) this.#stop.abort(failure);
    }
    return failure;
  }
}

/** When what happens now, and what others wait for likewise, has got as far as it gets. */
function afterOthers(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}
