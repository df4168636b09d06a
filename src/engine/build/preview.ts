import type { Dockerfile } from '../../dockerfile/instructions/parse-stages.ts';
import type { Problem } from '../../dockerfile/problem.ts';
import { graphView, type GraphView } from '../../graph/graph-view.ts';
import { renderDot } from '../../graph/render/render-dot.ts';
import { renderHtml } from '../../graph/render/render-html.ts';
import { renderJson } from '../../graph/render/render-json.ts';
import { renderMermaid } from '../../graph/render/render-mermaid.ts';
import { renderSvg } from '../../graph/render/render-svg.ts';
import { renderText } from '../../graph/render/render-text.ts';
import { OpRunner } from '../../ops/op-runner.ts';
import { preview } from '../../solver/preview.ts';
import type { BuildOptions } from './build-options.ts';
import { BuildSession } from './build-session.ts';
import { explained } from './explain-failure.ts';
import { withSystemErrors } from './explain-system-error.ts';
import { planImages } from './plan-images.ts';

const renderers = {
  text: renderText,
  json: renderJson,
  dot: renderDot,
  mermaid: renderMermaid,
  svg: renderSvg,
  html: renderHtml,
} satisfies Record<string, (graph: GraphView) => string>;

/** The graph of a build with what would be run of it, as text; or what is wrong with the Dockerfile. */
export type Preview =
  | { readonly kind: 'planned'; readonly text: string }
  | { readonly kind: 'invalid'; readonly problems: readonly Problem[]; readonly file: Dockerfile };

/** Plans a build without running anything. Throws as `build` does. */
export function previewBuild(options: BuildOptions, format: keyof typeof renderers): Promise<Preview> {
  return withSystemErrors(() => previewInSession(options, format));
}

async function previewInSession(options: BuildOptions, format: keyof typeof renderers): Promise<Preview> {
  await using session = await BuildSession.open(options);
  const planned = await planImages(session, options);
  if ('problems' in planned) return { kind: 'invalid', ...planned };
  const targets = planned.images.map(({ vertex }) => vertex);
  const { signal } = options;
  const states = await explained(() => preview(targets, new OpRunner(session.environment), { signal }));
  const graph = graphView(targets, (vertex) => states.get(vertex) ?? 'unknown');
  return { kind: 'planned', text: renderers[format](graph) };
}
