import { inBoth, type Colours } from '../svg/colours.ts';

/** How the page around a drawn graph looks. */
export const pageStyle = `
:root{color-scheme:light dark}
*{box-sizing:border-box}
body{margin:0;height:100vh;display:grid;grid:auto minmax(0,1fr)/minmax(0,1fr) minmax(18rem,26rem);
font:14px system-ui,sans-serif}
header{grid-column:1/-1;display:flex;flex-wrap:wrap;gap:.3rem 2rem;align-items:baseline;padding:.6rem 1.5rem;
border-bottom:1px solid}
h1{font-size:1rem;margin:0}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.5rem;list-style:none;margin:0;padding:0}
main{overflow:auto}
main svg{display:block;margin:auto}
aside{overflow:auto;padding:0 1.2rem 1.2rem;border-left:1px solid}
section{display:none}
section:target{display:block}
aside:has(:target) .hint{display:none}
h2{font-size:.9rem;margin:1rem 0 .3rem}
pre{font:12px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre-wrap;
overflow-wrap:anywhere;padding:.6rem;border-radius:6px;margin:0 0 1rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.3rem .8rem;margin:0 0 1rem}
dd{margin:0;overflow-wrap:anywhere}
dd a{display:block;text-decoration:none;color:inherit}
dd a:hover{text-decoration:underline}
b{font-weight:600}
svg a{outline:none}
svg a:hover .box,svg a:focus-visible .box{stroke-width:2.5}
.near .box{stroke-width:3}
.chosen .box{stroke-width:4}
@media (max-width:60rem){body{grid:auto minmax(0,3fr) minmax(0,2fr)/1fr}aside{border-width:1px 0 0}}
${inBoth(rules)}
`;

function rules({ page, text, faint, border, code, states }: Colours): string {
  const words = Object.entries(states).map(([state, { strong }]) => `.${state} b{color:${strong}}`);
  return [
    `body{background:${page};color:${text}}header,aside{border-color:${border}}`,
    `.legend,h2,dt{color:${faint}}pre{background:${code}}`,
    ...words,
  ].join('\n');
}
