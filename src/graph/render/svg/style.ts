interface Colours {
  readonly page: string;
  readonly text: string;
  readonly faint: string;
  readonly line: string;
  /** Fill and border of the boxes of each state. */
  readonly source: Pair;
  readonly cached: Pair;
  readonly run: Pair;
  readonly unknown: Pair;
}

type Pair = readonly [fill: string, border: string];

const light: Colours = {
  ...{ page: '#ffffff', text: '#1f2328', faint: '#59636e', line: '#8c959f' },
  source: ['#f3f4f6', '#6e7781'],
  cached: ['#e3f5e7', '#24803f'],
  run: ['#ffeedb', '#b35900'],
  unknown: ['#faf7ff', '#7f56cc'],
};

const dark: Colours = {
  ...{ page: '#14171c', text: '#e6e9ed', faint: '#a3adb8', line: '#6b7682' },
  source: ['#262b33', '#8b96a3'],
  cached: ['#15301f', '#4fb873'],
  run: ['#3b2710', '#e89a45'],
  unknown: ['#221c33', '#ab91e6'],
};

/** How a drawn graph looks, on light and on dark pages. */
export const svgStyle = `${rules(light)}
.step,.place,.state{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace}
.place,.state{font-size:11px}
.state{text-anchor:end;font-weight:bold}
.box{stroke-width:1.2}
.target .box{stroke-width:3}
.unknown .box{stroke-dasharray:5 4}
.line{fill:none;stroke-width:1.3}
.base{stroke-width:2}
.end{marker-end:url(#arrow)}
@media (prefers-color-scheme:dark){
${rules(dark)}
}`;

function rules({ page, text, faint, line, ...states }: Colours): string {
  const boxes = Object.entries(states).map(
    ([state, [fill, border]]) => `.${state} .box{fill:${fill};stroke:${border}}.${state} .state{fill:${border}}`,
  );
  return [
    `.page{fill:${page}}.step{fill:${text}}.place{fill:${faint}}.line{stroke:${line}}.arrow{fill:${line}}`,
    ...boxes,
  ].join('\n');
}
