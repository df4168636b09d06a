import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CacheKey } from '../src/cache/cache-key.ts';
import { graphView, type GraphView } from '../src/graph/graph-view.ts';
import { renderDot } from '../src/graph/render/render-dot.ts';
import { renderHtml } from '../src/graph/render/render-html.ts';
import { renderJson } from '../src/graph/render/render-json.ts';
import { renderMermaid } from '../src/graph/render/render-mermaid.ts';
import { renderSvg } from '../src/graph/render/render-svg.ts';
import { renderText } from '../src/graph/render/render-text.ts';
import { planText } from '../src/plan/testing.ts';
import { preview } from '../src/solver/preview.ts';
import type { VertexRunner } from '../src/solver/vertex-runner.ts';

/*
 * Dockerfiles and their graphs. A step is cached unless its name holds a line of the file `changed`. KILN_GOLDEN=1 rewrites
 * the graphs; a review reads the diff, and looks at the pictures.
 */

const area = new URL('../testdata/plan/', import.meta.url);
const rewrites = process.env['KILN_GOLDEN'] === '1';

const formats: Readonly<Record<string, (view: GraphView) => string>> = {
  'graph.txt': renderText,
  'graph.json': renderJson,
  'graph.dot': renderDot,
  'graph.mmd': renderMermaid,
  'graph.svg': renderSvg,
  'graph.html': renderHtml,
};

/** Results are names of vertices. */
function cacheWithout(changed: readonly string[]): VertexRunner<string> {
  return {
    immediate: ({ digest, op }) => (['image', 'local', 'scratch', 'merge'].includes(op.kind) ? digest : undefined),
    check: () => undefined,
    fetch: () => undefined,
    key: ({ options }): Promise<CacheKey> => Promise.resolve({ digest: options.name, parts: [] }),
    find: ({ digest }) => (changed.some((part) => digest.includes(part)) ? undefined : digest),
    run: () => Promise.reject(new Error('nothing is run')),
  };
}

async function viewOf(folder: URL): Promise<GraphView> {
  const targets = [planText(readFileSync(new URL('Dockerfile', folder), 'utf8'))];
  const changed = readFileSync(new URL('changed', folder), 'utf8').split('\n').filter(Boolean);
  const states = await preview(targets, cacheWithout(changed), { signal: new AbortController().signal });
  return graphView(targets, (vertex) => states.get(vertex) ?? 'unknown');
}

describe('the plan of a Dockerfile', () => {
  it.each(readdirSync(area).sort())('%s looks as it always looked', async (name) => {
    const folder = new URL(`${name}/`, area);
    const view = await viewOf(folder);
    for (const [file, render] of Object.entries(formats)) {
      const golden = new URL(file, folder);
      const text = render(view);
      if (rewrites) writeFileSync(golden, text);
      expect(text, file).toBe(readFileSync(golden, 'utf8'));
    }
  });
});
