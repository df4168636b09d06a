import { createHash } from 'node:crypto';
import type { GraphView, VertexState, VertexView } from '../graph-view.ts';
import { vertexDetails } from './html/vertex-details.ts';
import { pageScript } from './html/page-script.ts';
import { pageStyle } from './html/page-style.ts';
import { svgTag } from './render-svg.ts';
import { stateWords, vertexStates } from './state-words.ts';
import { drawGraph } from './svg/draw-graph.ts';
import { svgStyle } from './svg/style.ts';

/**
 * A graph as a page of its own: the picture, and what there is to know of the vertex that is clicked. It loads nothing, and
 * does without its script.
 */
export function renderHtml(view: GraphView): string {
  const drawing = drawGraph(view, (number) => `#v${number}`);
  const style = `${svgStyle}\n${pageStyle}`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${policy(style)}">`,
    '<meta name="viewport" content="width=device-width">',
    '<meta name="color-scheme" content="light dark">',
    '<title>Build plan</title>',
    `<style>${style}</style>`,
    `<header><h1>Build plan</h1>${legend(view.vertices)}</header>`,
    `<main>${svgTag(drawing)}${drawing.elements.join('\n')}</svg></main>`,
    '<aside><p class="hint">Choose a step to see what it does.</p>',
    ...vertexDetails(view),
    '</aside>',
    `<script>${pageScript}</script>`,
    '</html>',
    '',
  ].join('\n');
}

/** Whatever a name may be taken for, nothing is loaded and nothing else is run. */
function policy(style: string): string {
  const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; style-src ${hash(style)}; script-src ${hash(pageScript)}; base-uri 'none'; form-action 'none'`;
}

function legend(vertices: readonly VertexView[]): string {
  const counts = new Map<VertexState, number>();
  for (const { state } of vertices) counts.set(state, (counts.get(state) ?? 0) + 1);
  const items = vertexStates.map(
    (state) => `<li class="${state}"><b>${counts.get(state) ?? 0} ${state}</b> ${stateWords[state]}</li>`,
  );
  return `<ul class="legend">${items.join('')}</ul>`;
}
