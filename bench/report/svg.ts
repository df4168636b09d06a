/** An element with its attributes; text is escaped by `text`. */
export function element(
  name: string,
  attributes: Readonly<Record<string, string | number>>,
  ...inside: string[]
): string {
  const list = Object.entries(attributes).map(([key, value]) => ` ${key}="${escape(String(round(value)))}"`);
  return inside.length === 0 ? `<${name}${list.join('')}/>` : `<${name}${list.join('')}>${inside.join('')}</${name}>`;
}

/** Words at a place; `anchor` says which end of them is there. */
export function text(x: number, y: number, words: string, anchor: 'start' | 'middle' | 'end' = 'start'): string {
  return element('text', { x, y, 'text-anchor': anchor }, escape(words));
}

/** A whole picture, in pixels, with a title above it. */
export function picture(width: number, height: number, title: string, ...inside: string[]): string {
  const size = { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${width} ${height}` };
  const paper = element('rect', { width, height, fill: '#fff' });
  const font = { 'font-family': 'sans-serif', 'font-size': 12, fill: '#222' };
  const heading = element('g', { 'font-weight': 'bold' }, text(10, 20, title));
  return `${element('svg', size, paper, element('g', font, heading, ...inside))}\n`;
}

/** Of a builder, the same in all pictures. */
export function color(name: string): string {
  return { kiln: '#c2410c', buildah: '#0369a1', docker: '#4d7c0f', buildkit: '#7e22ce' }[name] ?? '#555';
}

function round(value: string | number): string | number {
  return typeof value === 'number' ? Math.round(value * 100) / 100 : value;
}

function escape(words: string): string {
  return words.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
