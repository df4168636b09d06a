import type { Neighbour, Slot } from './rows.ts';

const sweeps = 6;

/** Orders the slots of each row by where their neighbours are, so that few lines cross. */
export function orderRows(rows: readonly Slot[][]): void {
  for (const row of rows) number(row);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const isDown = sweep % 2 === 0;
    for (const row of isDown ? rows : rows.toReversed()) {
      const wishes = new Map(row.map((slot) => [slot, middle(isDown ? slot.above : slot.below) ?? slot.place]));
      row.sort((a, b) => (wishes.get(a) ?? 0) - (wishes.get(b) ?? 0) || a.place - b.place);
      number(row);
    }
  }
}

function number(row: readonly Slot[]): void {
  for (const [place, slot] of row.entries()) slot.place = place;
}

function middle(neighbours: readonly Neighbour[]): number | undefined {
  if (neighbours.length === 0) return undefined;
  let [sum, total] = [0, 0];
  for (const { slot, weight } of neighbours) {
    sum += weight * slot.place;
    total += weight;
  }
  return sum / total;
}
