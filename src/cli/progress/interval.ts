/** A stretch of time in milliseconds since the epoch; it goes on if it has no end. */
export interface Interval {
  readonly start: number;
  readonly stop?: number | undefined;
}

/** Intervals in order, those that touch made one. One that goes on takes in all after it. */
export function mergeIntervals(intervals: Iterable<Interval>): readonly Interval[] {
  const merged: Interval[] = [];
  for (const next of [...intervals].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || (last.stop !== undefined && last.stop < next.start)) merged.push(next);
    else if (last.stop !== undefined) merged[merged.length - 1] = { start: last.start, stop: laterStop(last, next) };
  }
  return merged;
}

function laterStop(a: Interval, b: Interval): number | undefined {
  return a.stop === undefined || b.stop === undefined ? undefined : Math.max(a.stop, b.stop);
}

/** Seconds in which at least one of the intervals was on; one that goes on counts until `now`. */
export function secondsOf(intervals: Iterable<Interval>, now: number): number {
  let sum = 0;
  for (const { start, stop } of mergeIntervals(intervals)) sum += (stop ?? now) - start;
  return sum / 1000;
}
