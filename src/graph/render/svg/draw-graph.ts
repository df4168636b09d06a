import type { GraphView } from '../../graph-view.ts';
import { orderRows } from '../layout/order-rows.ts';
import { placeRows } from '../layout/place-rows.ts';
import type { Inputs } from '../layout/ranks.ts';
import { rowsOf } from '../layout/rows.ts';
import { vertexNumbers } from '../vertex-numbers.ts';
import { drawBox } from './draw-box.ts';
import { drawLines } from './draw-lines.ts';
import { px, sizes, topOfRow } from './sizes.ts';

/** A graph on paper. */
export interface Drawing {
  /** px. */
  readonly width: number;
  readonly height: number;
  /** Elements of SVG, which want `svgStyle`. */
  readonly elements: readonly string[];
}

/** Draws a graph: sources at the top, what is wanted at the bottom. `link` says where a click on a vertex goes. */
export function drawGraph(view: GraphView, link: (number: number) => string | undefined): Drawing {
  const number = vertexNumbers(view);
  const inputs: Inputs = view.vertices.map((vertex) => [...new Set(vertex.inputs)].map((digest) => number(digest) - 1));
  const rows = rowsOf(inputs);
  orderRows(rows.rows);
  placeRows(rows.rows, { box: sizes.box.width, gap: sizes.gap, lineGap: sizes.lineGap });
  const wanted = new Set(view.targets);
  const boxes = view.vertices.map((vertex, index) =>
    drawBox(vertex, {
      number: index + 1,
      row: rows.slots[index]?.row ?? 0,
      x: rows.slots[index]?.x ?? 0,
      isTarget: wanted.has(vertex.digest),
      link: link(index + 1),
    }),
  );
  let right = 0;
  for (const row of rows.rows)
    for (const { x, isLine } of row) right = Math.max(right, isLine ? x : x + sizes.box.width / 2);
  const [width, height] = [right + 2 * sizes.margin, topOfRow(rows.rows.length) - sizes.rowGap + sizes.margin];
  const page = `<rect class="page" width="${px(width)}" height="${px(height)}"/>`;
  return { width, height, elements: [arrow, page, ...drawLines(rows, inputs), ...boxes] };
}

const arrow =
  '<defs><marker id="arrow" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="7" markerHeight="7"' +
  ' markerUnits="userSpaceOnUse" orient="auto"><path class="arrow" d="M0 0.5L8 4L0 7.5Z"/></marker></defs>';
