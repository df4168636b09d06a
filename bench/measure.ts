import type { NamedText } from './dockerfiles.ts';
import { generateDockerfile } from './generate-dockerfile.ts';
import { hostileInputs } from './hostile-inputs.ts';
import { timeLint } from './lint-time.ts';
import { median, percentile, sum } from './statistics.ts';

/** A time in ms and what took it. */
export interface NamedTime {
  readonly name: string;
  readonly ms: number;
}

/** Times of a set of files; a file's time is the median of its rounds. */
export interface CorpusTimes {
  readonly files: number;
  readonly median: number;
  readonly p95: number;
  readonly max: NamedTime;
  /** Of one round. */
  readonly total: number;
}

/** The time of a generated file. */
export interface GrowthTime {
  readonly lines: number;
  readonly ms: number;
  readonly msPerThousandLines: number;
}

const generatedLines = [1000, 3000, 10_000, 30_000, 100_000] as const;
const fewestRounds = 5;
/** Short files are measured more often, since chance weighs more there. */
const linesToMeasure = 50_000;

export function measureCorpus(files: readonly NamedText[], rounds: number): CorpusTimes {
  for (const { text } of files) timeLint(text);
  const times = files.map((): number[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, { text }] of files.entries()) times[index]?.push(timeLint(text));
  }
  const medians = files.map(({ name }, index) => ({ name, ms: median(times[index] ?? []) }));
  const all = medians.map(({ ms }) => ms);
  return { files: files.length, median: median(all), p95: percentile(all, 95), max: slowest(medians), total: sum(all) };
}

export function measureGrowth(): readonly GrowthTime[] {
  // Without this, the shortest file would bear the cost of compiling the engine.
  for (const lines of [10_000, 3000, 1000]) timeLint(generateDockerfile(lines));
  return generatedLines.map((lines) => {
    const text = generateDockerfile(lines);
    const rounds = Math.max(fewestRounds, linesToMeasure / lines);
    const ms = median(Array.from({ length: rounds }, () => timeLint(text)));
    return { lines, ms, msPerThousandLines: (ms / lines) * 1000 };
  });
}

/** How much longer a line takes in the longest file than in the shortest; 1 is linear. */
export function growthFactor(times: readonly GrowthTime[]): number {
  return (times.at(-1)?.msPerThousandLines ?? NaN) / (times[0]?.msPerThousandLines ?? NaN);
}

/** One run each: no one sends a hostile input twice. */
export function measureHostileInputs(): readonly NamedTime[] {
  return Object.entries(hostileInputs).map(([name, create]) => ({ name, ms: timeLint(create()) }));
}

export function slowest(times: readonly NamedTime[]): NamedTime {
  return times.reduce((worst, time) => (time.ms > worst.ms ? time : worst), { name: 'none', ms: 0 });
}
