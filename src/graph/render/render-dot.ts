import type { GraphView, VertexState } from '../graph-view.ts';
import { oneLine } from './one-line.ts';
import { vertexNumbers } from './vertex-numbers.ts';

const looks: Readonly<Record<VertexState, string>> = {
  source: 'fillcolor="#e8eaed", color="#80868b"',
  cached: 'fillcolor="#d9f2e0", color="#2e8b57"',
  run: 'fillcolor="#ffe3c2", color="#c76a00"',
  unknown: 'fillcolor="#ffffff", color="#8a6fc0", style="rounded,filled,dashed"',
};

/**
 * A graph in the language of Graphviz. Edges go from what is needed to what needs it.
 *
 * @see https://graphviz.org/doc/info/lang.html
 */
export function renderDot(view: GraphView): string {
  const number = vertexNumbers(view);
  const wanted = new Set(view.targets);
  const nodes = view.vertices.map(({ digest, name, state }) => {
    const label = `${quoted(oneLine(name, 60))}, tooltip=${quoted(`${state}: ${oneLine(name)}`)}`;
    return `  v${number(digest)} [label=${label}, ${looks[state]}${wanted.has(digest) ? ', penwidth=2.5' : ''}];`;
  });
  const edges = view.vertices.flatMap(({ digest, inputs }) =>
    [...new Set(inputs)].map(
      (input) => `  v${number(input)} -> v${number(digest)}${input === inputs[0] ? ' [weight=4]' : ' [style=dashed]'};`,
    ),
  );
  const head = [
    'digraph kiln {',
    '  rankdir=TB;',
    '  node [shape=box, style="rounded,filled", fontname="monospace", fontsize=11];',
    '  edge [color="#80868b", arrowsize=0.7];',
  ];
  return [...head, ...nodes, ...edges, '}', ''].join('\n');
}

/** A backslash would begin an escape such as `\N`, an ampersand an entity of HTML. */
function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&').replaceAll('&', '&amp;')}"`;
}
