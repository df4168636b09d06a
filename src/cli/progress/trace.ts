import type {
  BuildEvent,
  ProgressGroup,
  TransferEvent,
  VertexStatus,
  WarningEvent,
} from '../../progress/build-event.ts';
import { mergeIntervals, type Interval } from './interval.ts';

/** What is shown as one step: a vertex, or the vertices of a progress group. */
export interface Step {
  readonly name: string;
  readonly cached: boolean;
  /** Of the first vertex that failed. */
  readonly error: string | undefined;
  /** When it was at work, by the start. */
  readonly intervals: ReadonlyMap<number, Interval>;
  /** By id, in the order in which they came. */
  readonly transfers: ReadonlyMap<string, TransferEvent>;
  readonly warnings: readonly WarningEvent[];
  /** A group of which no vertex has started that is worth showing. */
  readonly hidden: boolean;
}

interface TracedStep extends Step {
  name: string;
  cached: boolean;
  error: string | undefined;
  readonly intervals: Map<number, Interval>;
  readonly transfers: Map<string, TransferEvent>;
  readonly warnings: WarningEvent[];
  hidden: boolean;
  /** It is among those that have started. */
  listed: boolean;
  readonly members: Map<string, VertexStatus>;
}

/** When a step began its latest stretch of work; undefined if it has not started. */
export function latestInterval({ intervals }: Step): Interval | undefined {
  return intervals.size > 1 ? mergeIntervals(intervals.values()).at(-1) : intervals.values().next().value;
}

/** Whether all that has started of a step has ended. */
export function isCompleted(step: Step): boolean {
  return latestInterval(step)?.stop !== undefined;
}

/** What has happened in a build so far. */
export class Trace {
  /** The steps that have started, in that order; none is hidden. */
  readonly started: Step[] = [];
  /** When the first vertex started. */
  startTime: number | undefined;
  readonly #byDigest = new Map<string, TracedStep>();
  readonly #steps = new Map<string, TracedStep>();

  /** All steps, those to come among them. */
  get steps(): Iterable<Step> {
    return this.#steps.values();
  }

  /** Takes in an event, and gives the step it is about; undefined if it says nothing new. */
  update(event: BuildEvent): Step | undefined {
    if (event.kind === 'vertex') return this.#updateVertex(event.vertex);
    const step = this.#byDigest.get(event.vertex);
    switch (event.kind) {
      case 'status':
        step?.transfers.set(event.id, event);
        return step;
      case 'warning':
        step?.warnings.push(event);
        return step;
      case 'log':
        return step;
    }
  }

  #updateVertex(vertex: VertexStatus): Step | undefined {
    const { digest, started, completed } = vertex;
    const step = this.#byDigest.get(digest) ?? this.#stepOf(digest, vertex.progressGroup);
    const before = step.members.get(digest);
    // A vertex may be announced again after it has started.
    if (before?.started !== undefined && started === undefined) return undefined;
    this.#byDigest.set(digest, step);
    step.members.set(digest, vertex);
    if (!vertex.progressGroup) step.name = vertex.name;
    if (started === undefined) return undefined;
    this.startTime ??= started;
    step.intervals.set(started, { start: started, stop: completed });
    this.#summarize(step);
    return step.hidden || (before && isSame(before, vertex)) ? undefined : step;
  }

  #stepOf(digest: string, group: ProgressGroup | undefined): TracedStep {
    const id = group?.id ?? digest;
    const known = this.#steps.get(id);
    if (known) return known;
    const step: TracedStep = {
      name: group?.name ?? '',
      cached: false,
      error: undefined,
      intervals: new Map(),
      transfers: new Map(),
      warnings: [],
      hidden: group !== undefined,
      listed: false,
      members: new Map(),
    };
    this.#steps.set(id, step);
    return step;
  }

  #summarize(step: TracedStep): void {
    const members = [...step.members.values()];
    step.cached = members.every(({ cached }) => cached);
    step.error = members.find(({ error }) => error !== undefined)?.error;
    step.hidden = members.every(
      ({ started, error, progressGroup: group }) =>
        group !== undefined && error === undefined && (group.weak || started === undefined),
    );
    if (step.hidden || step.listed) return;
    step.listed = true;
    this.started.push(step);
  }
}

function isSame(a: VertexStatus, b: VertexStatus): boolean {
  return (
    a.name === b.name &&
    a.started === b.started &&
    a.completed === b.completed &&
    a.cached === b.cached &&
    a.error === b.error
  );
}
