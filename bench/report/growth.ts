import type { BuilderName } from '../builders/builder.ts';
import type { Row } from '../session.ts';
import { judge } from './judgement.ts';

/** A build of some size. */
export interface Point {
  readonly size: number;
  readonly seconds: number;
}

/** How the time of a builder grows with the size of what is built. */
export interface GrowthLine {
  readonly line: string;
  /** What the size counts. */
  readonly unit: string;
  readonly points: ReadonlyMap<BuilderName, readonly Point[]>;
}

/** The lines that rows are points of; sizes ascend. */
export function growthLines(rows: readonly Row[]): readonly GrowthLine[] {
  const lines = new Map<string, { line: string; unit: string; points: Map<BuilderName, Point[]> }>();
  for (const row of rows) {
    const { growth } = row.workload;
    if (growth === undefined) continue;
    const { line, unit, size } = growth;
    const found = lines.get(line) ?? { line, unit, points: new Map<BuilderName, Point[]>() };
    lines.set(line, found);
    for (const [name, { median }] of judge(row).figures) {
      found.points.set(name, [...(found.points.get(name) ?? []), { size, seconds: median }]);
    }
  }
  return [...lines.values()];
}

/**
 * What one more costs between the two largest sizes, over what it costs from the smallest up to there: 1 is linear. Undefined
 * with fewer than three points.
 */
export function growthFactor(points: readonly Point[]): number | undefined {
  const [first, middle, last] = [points[0], points.at(-2), points.at(-1)];
  if (points.length < 3 || first === undefined || middle === undefined || last === undefined) return undefined;
  return slope(middle, last) / slope(first, middle);
}

function slope(from: Point, to: Point): number {
  return (to.seconds - from.seconds) / (to.size - from.size);
}
