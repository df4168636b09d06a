import type { Neighbour, Slot } from './rows.ts';

/** Widths in px. */
export interface Widths {
  readonly box: number;
  /** Between two boxes. */
  readonly gap: number;
  /** Between a line and what is beside it. */
  readonly lineGap: number;
}

const sweeps = 10;

/** Gives slots their `x`: as straight below each other as the order of the rows allows. The leftmost box begins at 0. */
export function placeRows(rows: readonly Slot[][], widths: Widths): void {
  const offsets = rows.map((row) => offsetsOf(row, widths));
  for (const [index, row] of rows.entries()) spread(row, offsets[index] ?? [], () => []);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    // The last one goes down: a step is right below the one before it.
    const isDown = sweep % 2 === 1;
    for (let at = 0; at < rows.length; at++) {
      const index = isDown ? at : rows.length - 1 - at;
      spread(rows[index] ?? [], offsets[index] ?? [], (slot) => (isDown ? slot.above : slot.below));
    }
  }
  let left = Infinity;
  for (const row of rows) for (const { x, isLine } of row) left = Math.min(left, isLine ? x : x - widths.box / 2);
  for (const row of rows) for (const slot of row) slot.x -= left;
}

/** How far each slot is from the first at least. */
function offsetsOf(row: readonly Slot[], { box, gap, lineGap }: Widths): readonly number[] {
  let offset = 0;
  return row.map((slot, index) => {
    const before = row[index - 1];
    if (!before) return 0;
    const halves = (slot.isLine ? 0 : box / 2) + (before.isLine ? 0 : box / 2);
    offset += halves + (slot.isLine || before.isLine ? lineGap : gap);
    return offset;
  });
}

/** Slots that have been pushed together. */
interface Block {
  sum: number;
  weight: number;
  count: number;
}

/** Moves the slots of a row to where they want to be, or as near as those beside them let them: least squares. */
function spread(
  row: readonly Slot[],
  offsets: readonly number[],
  neighbours: (slot: Slot) => readonly Neighbour[],
): void {
  const blocks: Block[] = [];
  for (const [index, slot] of row.entries()) {
    const { x, weight } = wishOf(slot, neighbours(slot));
    let block: Block = { sum: (x - (offsets[index] ?? 0)) * weight, weight, count: 1 };
    for (let last = blocks.at(-1); last && last.sum / last.weight >= block.sum / block.weight; last = blocks.at(-1)) {
      blocks.pop();
      block = { sum: last.sum + block.sum, weight: last.weight + block.weight, count: last.count + block.count };
    }
    blocks.push(block);
  }
  let index = 0;
  for (const { sum, weight, count } of blocks) {
    for (const end = index + count; index < end; index++) {
      const slot = row[index];
      if (slot) slot.x = sum / weight + (offsets[index] ?? 0);
    }
  }
}

/** In the middle of those neighbours that matter most; a slot that has none would rather stay. */
function wishOf(slot: Slot, neighbours: readonly Neighbour[]): { readonly x: number; readonly weight: number } {
  let [sum, count, most] = [0, 0, 0];
  for (const { slot: other, weight } of neighbours) {
    if (weight < most) continue;
    if (weight > most) [sum, count, most] = [0, 0, weight];
    sum += other.x;
    count++;
  }
  return count === 0 ? { x: slot.x, weight: 0.001 } : { x: sum / count, weight: most * count };
}
