import type { GraphView, VertexView } from '../../graph-view.ts';
import { escapeXml } from '../escape-xml.ts';
import { oneLine } from '../one-line.ts';
import { stateWords } from '../state-words.ts';
import { vertexNumbers } from '../vertex-numbers.ts';

/** For each vertex a section with all that is known of it; `v` and its number is its id. */
export function vertexDetails(view: GraphView): readonly string[] {
  const number = vertexNumbers(view);
  const consumers = view.vertices.map((): number[] => []);
  for (const { digest, inputs } of view.vertices)
    for (const input of new Set(inputs)) consumers[number(input) - 1]?.push(number(digest));
  const link = (target: number): string => {
    const { name = '', state = '' } = view.vertices[target - 1] ?? {};
    return `<a class="${state}" href="#v${target}">${target} · ${escapeXml(oneLine(name, 60))}</a>`;
  };
  return view.vertices.map((vertex, index) =>
    section(vertex, { index, consumers: consumers[index] ?? [], number, link }),
  );
}

interface Surroundings {
  readonly index: number;
  readonly consumers: readonly number[];
  readonly number: (digest: string) => number;
  readonly link: (number: number) => string;
}

function section(vertex: VertexView, { index, consumers, number, link }: Surroundings): string {
  const { name, kind, state, digest, stage, lines, inputs, op } = vertex;
  const facts = [
    ['State', `<span class="${state}"><b>${state}</b></span>: ${stateWords[state]}`],
    ['Operation', escapeXml(kind)],
    ['Stage', escapeXml(stage ?? '')],
    ['Lines', [...new Set(lines)].join(' to ')],
    ['Needs', inputs.map(number).map(link).join('')],
    ['Needed by', consumers.map(link).join('')],
    ['Digest', `<code>${escapeXml(digest)}</code>`],
  ];
  const rows = facts.filter(([, value]) => value !== '').map(([fact, value]) => `<dt>${fact}</dt><dd>${value}</dd>`);
  return [
    `<section id="v${index + 1}"><h2>${index + 1}</h2><pre class="name">${escapeXml(name)}</pre>`,
    `<dl>${rows.join('')}</dl>`,
    `<pre>${escapeXml(JSON.stringify(op, undefined, 2))}</pre></section>`,
  ].join('');
}
