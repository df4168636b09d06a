import type { BuilderName } from '../builders/builder.ts';
import type { Row } from '../session.ts';
import { median } from '../statistics.ts';
import type { Sample } from '../timed-process.ts';

/** What a builder's runs come to. */
export interface Figure {
  /** Seconds. */
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** MiB, of the worst run. */
  readonly memory: number;
}

/** A row in numbers. */
export interface Judgement {
  readonly figures: ReadonlyMap<BuilderName, Figure>;
  /** Median of Kiln over that of the fastest peer; undefined if there is none. */
  readonly ratio: number | undefined;
  /** What it is to be at most: the goal over the time of the fastest peer where the goal was set. */
  readonly ratioGoal: number | undefined;
  /** Whether Kiln reaches the goals of time, ratio and memory; undefined if there is no goal, or no figure. */
  readonly inTime: boolean | undefined;
  readonly inRatio: boolean | undefined;
  readonly inMemory: boolean | undefined;
}

export function judge({ workload, outcomes }: Row): Judgement {
  const figures = new Map<BuilderName, Figure>();
  for (const [name, outcome] of outcomes) {
    if (outcome.kind === 'measured' && outcome.samples.length > 0) figures.set(name, figure(outcome.samples));
  }
  const kiln = figures.get('kiln');
  const peers = [...figures].flatMap(([name, { median }]) => (name === 'kiln' ? [] : [median]));
  const { seconds, peer, memory } = workload.goal;
  const ratio = kiln === undefined || peers.length === 0 ? undefined : kiln.median / Math.min(...peers);
  const ratioGoal = seconds === undefined || peer === undefined ? undefined : seconds / peer;
  return {
    ...{ figures, ratio, ratioGoal },
    inTime: kiln === undefined || seconds === undefined ? undefined : kiln.median <= seconds,
    inRatio: ratio === undefined || ratioGoal === undefined ? undefined : ratio <= ratioGoal,
    inMemory: kiln === undefined || memory === undefined ? undefined : kiln.memory <= memory,
  };
}

function figure(samples: readonly Sample[]): Figure {
  const times = samples.map(({ seconds }) => seconds);
  return {
    median: median(times),
    min: Math.min(...times),
    max: Math.max(...times),
    memory: Math.max(...samples.map(({ memory }) => memory)),
  };
}
