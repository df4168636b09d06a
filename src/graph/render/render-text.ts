import type { GraphView, VertexView } from '../graph-view.ts';
import { oneLine } from './one-line.ts';
import { stateWords, vertexStates } from './state-words.ts';
import { vertexNumbers } from './vertex-numbers.ts';

/** Longer names are cut: other formats have them whole. Characters. */
const mostOfName = 160;

/** A graph as a table: a line for each vertex, which says by number what it needs; then how many there are of each state. */
export function renderText(view: GraphView): string {
  const number = vertexNumbers(view);
  const rows = view.vertices.map(({ digest, name, inputs, state }) => [
    `${number(digest)}`,
    state,
    inputs.map(number).join(','),
    oneLine(name, mostOfName),
  ]);
  const table = [['#', 'state', 'needs', 'step'], ...rows];
  const widths = [0, 1, 2].map((column) =>
    Math.min(
      table.reduce((most, row) => Math.max(most, row[column]?.length ?? 0), 0),
      16,
    ),
  );
  const lines = table.map(([index = '', state = '', needs = '', name = '']) =>
    [index.padStart(widths[0] ?? 0), state.padEnd(widths[1] ?? 0), needs.padEnd(widths[2] ?? 0), name].join('  '),
  );
  const targets = view.targets.map(number).join(', ');
  return [...lines, '', ...summary(view.vertices), `target: ${targets}`, ''].join('\n');
}

function summary(vertices: readonly VertexView[]): readonly string[] {
  return vertexStates.flatMap((state) => {
    const count = vertices.filter((vertex) => vertex.state === state).length;
    return count === 0 ? [] : [`${count} ${state}: ${stateWords[state]}`];
  });
}
