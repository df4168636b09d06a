import { consumersOf, ranksOf, type Inputs } from './ranks.ts';

/** A place in a row: of a vertex, or of the line of one that passes through. */
export interface Slot {
  /** Index of the vertex. */
  readonly vertex: number;
  readonly isLine: boolean;
  readonly row: number;
  /** Neighbours in the row above, and in the row below. */
  readonly above: Neighbour[];
  readonly below: Neighbour[];
  /** From the left, from 0 on. */
  place: number;
  /** Of the middle; px. */
  x: number;
}

export interface Neighbour {
  readonly slot: Slot;
  /** How much the two want to be one below the other. */
  readonly weight: number;
}

/** A graph in rows. */
export interface Rows {
  /** From the top; each in order from the left. */
  readonly rows: readonly Slot[][];
  /** Of the vertices. */
  readonly slots: readonly Slot[];
  /** Of each vertex, where its line passes through rows below it: from the top. All that need it branch off from there. */
  readonly lines: readonly (readonly Slot[])[];
}

const weights = { line: 8, base: 4, other: 1 };

/** More would be slow to draw and to look at; lines that are left out go straight across. */
const mostLineSlots = 300_000;

/** Puts vertices into rows, in the order in which they are found from the last one upwards. */
export function rowsOf(inputs: Inputs): Rows {
  const consumers = consumersOf(inputs);
  const ranks = ranksOf(inputs, consumers);
  const rows: Slot[][] = Array.from({ length: ranks.reduce((most, row) => Math.max(most, row + 1), 0) }, () => []);
  const slots = ranks.map((row, vertex) => newSlot({ vertex, row, isLine: false }));
  let lineSlots = 0;
  const lines = slots.map((slot) => {
    const rowsOfConsumers = (consumers[slot.vertex] ?? []).map((consumer) => slots[consumer]?.row ?? 0);
    const length = rowsOfConsumers.reduce((most, row) => Math.max(most, row), 0) - slot.row - 1;
    if (length <= 0 || lineSlots + length > mostLineSlots) return [];
    lineSlots += length;
    return lineBelow(slot, length);
  });
  for (const [vertex, needed] of inputs.entries()) {
    for (const [index, input] of needed.entries()) {
      const [upper, lower] = [branchSlot({ slots, lines }, input, vertex), slots[vertex]];
      if (upper && lower) connect(upper, lower, index === 0 ? weights.base : weights.other);
    }
  }
  place({ slots, rows }, inputs, lines);
  return { rows, slots, lines };
}

/** Where the line to a vertex leaves that of its input: in the row above it. Absent if it goes straight across. */
export function branchSlot({ slots, lines }: Omit<Rows, 'rows'>, input: number, vertex: number): Slot | undefined {
  const [from, to] = [slots[input], slots[vertex]];
  if (!from || !to) return undefined;
  const distance = to.row - from.row - 1;
  return distance === 0 ? from : lines[input]?.[distance - 1];
}

function newSlot(what: Pick<Slot, 'vertex' | 'row' | 'isLine'>): Slot {
  return { ...what, above: [], below: [], place: 0, x: 0 };
}

function lineBelow({ vertex, row }: Slot, length: number): readonly Slot[] {
  return Array.from({ length }, (_, index) => newSlot({ vertex, row: row + 1 + index, isLine: true }));
}

function connect(upper: Slot, lower: Slot, weight: number): void {
  upper.below.push({ slot: lower, weight });
  lower.above.push({ slot: upper, weight });
}

/** A stage, found from its last step, stays together. */
function place({ slots, rows }: Omit<Rows, 'lines'>, inputs: Inputs, lines: Rows['lines']): void {
  const seen = new Set<number>();
  for (let last = slots.length - 1; last >= 0; last--) {
    const open = [last];
    for (let vertex = open.pop(); vertex !== undefined; vertex = open.pop()) {
      if (seen.has(vertex)) continue;
      seen.add(vertex);
      const slot = slots[vertex];
      if (!slot) continue;
      const line = lines[vertex] ?? [];
      for (const [index, part] of line.entries()) connect(line[index - 1] ?? slot, part, weights.line);
      for (const part of [slot, ...line]) rows[part.row]?.push(part);
      open.push(...(inputs[vertex] ?? []).toReversed());
    }
  }
}
