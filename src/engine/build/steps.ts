import type { Warning } from '../../dockerfile/lint/linter.ts';
import type { ProgressSink, VertexStatus } from '../../progress/build-event.ts';
import { systemClock } from '../../progress/clock.ts';
import { toBytes } from '../../spec/byte-string.ts';
import { sha256 } from '../../spec/sha256.ts';

/** What is done besides the vertices of the graph, shown as if it were some: reading the Dockerfile, exporting. */
export class Steps {
  readonly #sink: ProgressSink;

  constructor(sink: ProgressSink) {
    this.#sink = sink;
  }

  /** Tells the warnings about a Dockerfile, as those of a step. */
  warn(step: string, warnings: readonly Warning[]): void {
    if (warnings.length === 0) return;
    const digest = this.done(step);
    for (const { rule, message, lines } of warnings) {
      const line = lines[0] === undefined ? '' : ` (line ${lines[0]})`;
      this.#sink({
        ...{ kind: 'warning', vertex: digest, level: 1, short: `${rule.name}: ${message}${line}`, lines },
        detail: [rule.description],
        ...(rule.url !== undefined && { url: rule.url }),
      });
    }
  }

  /** Tells something to know about the build, as a warning of a step. */
  note(step: string, text: string): void {
    const vertex = this.done(step);
    this.#sink({ kind: 'warning', vertex, level: 1, short: text, detail: [] });
  }

  async run<Value>(name: string, work: (report: StepReport) => Promise<Value>): Promise<Value> {
    const digest = stepDigest(name);
    const status: VertexStatus = { digest, inputs: [], name, cached: false, started: systemClock() };
    const send = (more: Partial<VertexStatus>) => {
      this.#sink({ kind: 'vertex', vertex: { ...status, ...more } });
    };
    send({});
    const report = new StepReport(this.#sink, digest);
    try {
      const value = await work(report);
      send({ completed: systemClock() });
      return value;
    } catch (error) {
      send({ completed: systemClock(), error: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }

  /** Shows a step that takes no time; returns its digest. */
  done(step: string): string {
    const digest = stepDigest(step);
    const time = systemClock();
    const vertex = { digest, inputs: [], name: step, cached: false, started: time, completed: time };
    this.#sink({ kind: 'vertex', vertex });
    return digest;
  }
}

function stepDigest(name: string): string {
  return `sha256:${sha256(toBytes(name))}`;
}

/** Tells the parts of a step. */
export class StepReport {
  readonly #sink: ProgressSink;
  readonly #vertex: string;

  constructor(sink: ProgressSink, vertex: string) {
    this.#sink = sink;
    this.#vertex = vertex;
  }

  /** Does a part of the step, shown on a line of its own. */
  async part<Value>(id: string, work: () => Promise<Value>): Promise<Value> {
    const started = systemClock();
    const send = (completed?: number) => {
      const times = { time: systemClock(), started, ...(completed !== undefined && { completed }) };
      this.#sink({ kind: 'status', id, vertex: this.#vertex, current: 0, ...times });
    };
    send();
    const value = await work();
    send(systemClock());
    return value;
  }
}
