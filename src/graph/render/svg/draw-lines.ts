import type { Inputs } from '../layout/ranks.ts';
import { branchSlot, type Rows, type Slot } from '../layout/rows.ts';
import { px, sizes, topOfRow } from './sizes.ts';

interface Point {
  readonly x: number;
  readonly y: number;
}

/** The lines of a graph: one down from each vertex that is needed further below, and one from there to each that needs it. */
export function drawLines(rows: Rows, inputs: Inputs): readonly string[] {
  const trunks = rows.lines.flatMap((line, vertex) => {
    const from = rows.slots[vertex];
    return from && line.length > 0 ? [path('line', trunkPoints(from, line))] : [];
  });
  return [...trunks, ...rows.slots.flatMap((slot) => drawInputs(rows, slot, inputs[slot.vertex] ?? []))];
}

function trunkPoints(from: Slot, line: readonly Slot[]): readonly Point[] {
  return [bottomOf(from), ...line.flatMap((slot) => [topOf(slot), bottomOf(slot)])];
}

function drawInputs(rows: Rows, to: Slot, inputs: readonly number[]): readonly string[] {
  const ends = inputs.flatMap((input, index) => {
    const from = branchSlot(rows, input, to.vertex) ?? rows.slots[input];
    return from ? [{ from, isBase: index === 0 }] : [];
  });
  const ports = portsOf(ends.map(({ from }) => from.x - to.x));
  return ends.map(({ from, isBase }, index) => {
    const top = topOf(to);
    const end = { x: top.x + (ports[index] ?? 0), y: top.y };
    return path(isBase ? 'line base end' : 'line end', [bottomOf(from), end]);
  });
}

/** Where lines arrive, from the middle of a box: the first in the middle, others on the side from which they come. */
function portsOf(distances: readonly number[]): readonly number[] {
  const ports = distances.map(() => 0);
  const most = Math.floor(sizes.box.width / 2 / sizes.portGap) - 1;
  for (const side of [-1, 1]) {
    const others = [...distances.keys()].slice(1).filter((index) => (distances[index] ?? 0) < 0 === side < 0);
    others.sort((a, b) => Math.abs(distances[a] ?? 0) - Math.abs(distances[b] ?? 0));
    for (const [place, index] of others.entries()) ports[index] = side * sizes.portGap * Math.min(place + 1, most);
  }
  return ports;
}

function topOf({ x, row }: Slot): Point {
  return { x: x + sizes.margin, y: topOfRow(row) };
}

function bottomOf(slot: Slot): Point {
  const { x, y } = topOf(slot);
  return { x, y: y + sizes.box.height };
}

function path(look: string, points: readonly Point[]): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let from = first;
  let data = `M${px(from.x)} ${px(from.y)}`;
  for (const [index, to] of rest.entries()) {
    const isStraight = Math.abs(to.x - from.x) < 0.5;
    const next = rest[index + 1];
    // Goes straight on.
    if (isStraight && next && Math.abs(next.x - to.x) < 0.5) continue;
    const middle = px((from.y + to.y) / 2);
    data += isStraight ? `V${px(to.y)}` : `C${px(from.x)} ${middle} ${px(to.x)} ${middle} ${px(to.x)} ${px(to.y)}`;
    from = to;
  }
  return `<path class="${look}" d="${data}"/>`;
}
