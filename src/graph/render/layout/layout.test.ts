import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyInputs } from '../testing.ts';
import { orderRows } from './order-rows.ts';
import { placeRows, type Widths } from './place-rows.ts';
import { consumersOf, ranksOf, type Inputs } from './ranks.ts';
import { branchSlot, rowsOf, type Rows } from './rows.ts';

const widths: Widths = { box: 100, gap: 20, lineGap: 10 };

function layOut(inputs: Inputs): Rows {
  const rows = rowsOf(inputs);
  orderRows(rows.rows);
  placeRows(rows.rows, widths);
  return rows;
}

describe('the rows of a graph', () => {
  it('put each vertex below what it needs, and right above what needs it first', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const consumers = consumersOf(inputs);
        const ranks = ranksOf(inputs, consumers);
        for (const [vertex, needed] of inputs.entries())
          for (const input of needed) expect(ranks[input]).toBeLessThan(ranks[vertex] ?? 0);
        for (const [vertex, needing] of consumers.entries()) {
          const first = Math.min(...needing.map((consumer) => ranks[consumer] ?? 0));
          if (needing.length > 0) expect(ranks[vertex]).toBe(first - 1);
        }
      }),
    );
  });

  it('hold every vertex once, and its line in every row down to where it branches off last', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        const { rows, slots, lines } = layOut(inputs);
        const all = rows.flat();
        expect(all.filter(({ isLine }) => !isLine)).toHaveLength(inputs.length);
        expect(all).toHaveLength(inputs.length + lines.flat().length);
        for (const [row, members] of rows.entries()) for (const slot of members) expect(slot.row).toBe(row);
        for (const [vertex, needed] of inputs.entries()) {
          for (const input of needed) {
            const branch = branchSlot({ slots, lines }, input, vertex);
            expect(branch).toMatchObject({ vertex: input, row: (slots[vertex]?.row ?? 0) - 1 });
          }
        }
      }),
    );
  });

  it('leave room between boxes, and between boxes and lines', () => {
    fc.assert(
      fc.property(anyInputs, (inputs) => {
        let left = Infinity;
        for (const row of layOut(inputs).rows) {
          for (const [index, slot] of row.entries()) {
            expect(Number.isFinite(slot.x)).toBe(true);
            left = Math.min(left, slot.x - (slot.isLine ? 0 : widths.box / 2));
            const before = row[index - 1];
            if (!before) continue;
            const halves = [slot, before].reduce((sum, { isLine }) => sum + (isLine ? 0 : widths.box / 2), 0);
            const gap = slot.isLine || before.isLine ? widths.lineGap : widths.gap;
            expect(slot.x - before.x).toBeGreaterThanOrEqual(halves + gap - 1e-6);
          }
        }
        expect(left).toBeCloseTo(0);
      }),
    );
  });

  it('put a stage in a straight line', () => {
    const { slots } = layOut([[], [], [1, 0], [2], [3, 0], [], [5, 4]]);
    expect(new Set([1, 2, 3, 4].map((vertex) => Math.round(slots[vertex]?.x ?? 0))).size).toBe(1);
  });
});
