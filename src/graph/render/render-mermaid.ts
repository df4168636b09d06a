import type { GraphView } from '../graph-view.ts';
import { oneLine } from './one-line.ts';
import { vertexNumbers } from './vertex-numbers.ts';

/**
 * A graph as a Mermaid flowchart, which many sites show where they show Markdown. Edges go from what is needed to what needs it.
 *
 * @see https://mermaid.js.org/syntax/flowchart.html
 */
export function renderMermaid(view: GraphView): string {
  const number = vertexNumbers(view);
  const wanted = new Set(view.targets);
  const nodes = view.vertices.map(({ digest, name, state }) => {
    const label = `"${escapeLabel(oneLine(name, 60))}"`;
    return `  v${number(digest)}${wanted.has(digest) ? `([${label}])` : `[${label}]`}:::${state}`;
  });
  const edges = view.vertices.flatMap(({ digest, inputs }) =>
    [...new Set(inputs)].map(
      (input) => `  v${number(input)} ${input === inputs[0] ? '-->' : '-.->'} v${number(digest)}`,
    ),
  );
  const looks = [
    '  classDef source fill:#e8eaed,stroke:#80868b,color:#202124',
    '  classDef cached fill:#d9f2e0,stroke:#2e8b57,color:#202124',
    '  classDef run fill:#ffe3c2,stroke:#c76a00,color:#202124',
    '  classDef unknown fill:#ffffff,stroke:#8a6fc0,color:#202124,stroke-dasharray:5 4',
  ];
  return ['flowchart TD', ...nodes, ...edges, ...looks, ''].join('\n');
}

/** Labels are Markdown and HTML; only what is neither stays. A dot or a dash could begin a list. */
function escapeLabel(text: string): string {
  return text
    .replace(/[^\p{L}\p{N} /.:,=@-]/gu, (character) => `#${character.codePointAt(0) ?? 0};`)
    .replace(/^(\d*)([.-])/, (_, digits: string, mark: string) => `${digits}#${mark.charCodeAt(0)};`);
}
