import { inBoth, type Colours } from './colours.ts';

/** How a drawn graph looks, on light and on dark pages. */
export const svgStyle = `.step,.place,.state{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.place,.state{font-size:11px}
.state{text-anchor:end;font-weight:bold}
.box{stroke-width:1.2}
.target .box{stroke-width:3}
.unknown .box{stroke-dasharray:5 4}
.line{fill:none;stroke-width:1.3}
.base{stroke-width:2}
.end{marker-end:url(#arrow)}
${inBoth(rules)}`;

function rules({ page, text, faint, line, states }: Colours): string {
  const boxes = Object.entries(states).map(
    ([state, { fill, strong }]) => `.${state} .box{fill:${fill};stroke:${strong}}.${state} .state{fill:${strong}}`,
  );
  return [
    `.page{fill:${page}}.step{fill:${text}}.place{fill:${faint}}.line{stroke:${line}}.arrow{fill:${line}}`,
    ...boxes,
  ].join('\n');
}
