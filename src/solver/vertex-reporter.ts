import type { Vertex } from '../graph/vertex.ts';
import type { ProgressSink, VertexStatus } from '../progress/build-event.ts';
import type { Clock } from '../progress/clock.ts';

/** Tells what becomes of a vertex. */
export class VertexReporter {
  readonly #status: VertexStatus;
  readonly #sink: ProgressSink;
  readonly #clock: Clock;
  #started: number | undefined;

  constructor(vertex: Vertex, sink: ProgressSink, clock: Clock) {
    this.#sink = sink;
    this.#clock = clock;
    this.#status = {
      digest: vertex.digest,
      inputs: vertex.inputs.map(({ digest }) => digest),
      name: vertex.options.name,
      cached: false,
    };
    this.#send(this.#status);
  }

  readonly log = (stream: 1 | 2, data: Uint8Array): void => {
    this.#sink({ kind: 'log', vertex: this.#status.digest, stream, data, time: this.#clock() });
  };

  readonly progress = (id: string, current: number, total?: number): void => {
    const time = this.#clock();
    const ends = total !== undefined && current >= total;
    this.#sink({
      ...{ kind: 'status', id, vertex: this.#status.digest, current, time },
      ...(total !== undefined && { total }),
      ...(ends && { completed: time }),
    });
  };

  started(): void {
    this.#started = this.#clock();
    this.#send({ ...this.#status, started: this.#started });
  }

  completed(): void {
    this.#end({});
  }

  /** Nothing had to be done. */
  found(): void {
    this.#end({ cached: true });
  }

  failed(error: string): void {
    this.#end({ error });
  }

  #end(how: Partial<VertexStatus>): void {
    const completed = this.#clock();
    this.#send({ ...this.#status, started: this.#started ?? completed, completed, ...how });
  }

  #send(vertex: VertexStatus): void {
    this.#sink({ kind: 'vertex', vertex });
  }
}
