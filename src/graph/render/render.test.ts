import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GraphView } from '../graph-view.ts';
import { renderDot } from './render-dot.ts';
import { renderHtml } from './render-html.ts';
import { renderJson } from './render-json.ts';
import { renderMermaid } from './render-mermaid.ts';
import { renderSvg } from './render-svg.ts';
import { renderText } from './render-text.ts';
import { anyInputs, hostileNames, viewOf } from './testing.ts';

const diamond = viewOf([[], [0], [0], [1, 2]]);
const hostile = viewOf(
  hostileNames.map((_, index) => (index === 0 ? [] : [index - 1])),
  hostileNames,
);

const anyName = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...hostileNames, '<', '>', '"', "'", '&', '\\', '`'),
);
const anyView = fc
  .tuple(anyInputs, fc.array(anyName, { maxLength: 40 }))
  .map(([inputs, names]) => viewOf(inputs, names));

/** Throws if it is not well-formed: tags that match, only entities that XML has, no character that it does not have. */
function elementsOf(xml: string): readonly string[] {
  const open: string[] = [];
  const names: string[] = [];
  expect(xml).not.toMatch(/[^\t\n\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  let length = 0;
  for (const [all, text = '', close = '', name = '', attributes = '', isEmpty = ''] of xml.matchAll(
    /([^<]*)(?:<(\/?)([a-zA-Z][a-zA-Z0-9]*)((?:\s+[a-zA-Z:-]+="[^"<]*")*)\s*(\/?)>|$)/gy,
  )) {
    length += all.length;
    for (const [entity] of `${text}${attributes}`.matchAll(/&[^;]*;?/g))
      expect(['&amp;', '&lt;', '&gt;', '&quot;', '&#39;']).toContain(entity);
    if (name === '') continue;
    if (close === '/') expect(open.pop()).toBe(name);
    else names.push(name);
    if (close === '' && isEmpty === '') open.push(name);
  }
  expect(length).toBe(xml.length);
  expect(open).toEqual([]);
  return names;
}

describe('a plan as text', () => {
  it('has a line for each vertex, which says what it needs', () => {
    expect(renderText(diamond)).toBe(`#  state    needs  step
1  source          [build 0/9] RUN make 0
2  cached   1      [build 1/9] RUN make 1
3  run      1      [build 2/9] RUN make 2
4  unknown  2,3    [build 3/9] RUN make 3

1 source: nothing to do
1 cached: done before
1 run: will run
1 unknown: depends on what runs before it
target: 4
`);
  });

  it('stays a line for each vertex, without control characters, whatever the names', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const lines = renderText(view).split('\n');
        expect(lines.indexOf('')).toBe(view.vertices.length + 1);
        expect(lines.join('')).not.toMatch(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/);
      }),
    );
  });

  it('cuts long names', () => {
    const [, line = ''] = renderText(viewOf([[]], ['RUN ' + 'x'.repeat(1000)])).split('\n');
    expect(line).toHaveLength('1  source         '.length + 160);
    expect(line.endsWith('xx…')).toBe(true);
  });
});

describe('a plan as JSON', () => {
  it('says all that there is', () => {
    const [first] = viewOf([[]]).vertices;
    const view: GraphView = {
      vertices: first ? [{ ...first, stage: 'build', lines: [2, 3] }] : [],
      targets: ['sha256:0'],
    };
    expect(JSON.parse(renderJson(view))).toEqual({ version: 1, ...view });
    expect(JSON.parse(renderJson(hostile))).toEqual({ version: 1, ...JSON.parse(JSON.stringify(hostile)) });
  });
});

describe('a plan for Graphviz', () => {
  it('has a statement on each line, whatever the names', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const [head, ...lines] = renderDot(view).trimEnd().split('\n');
        expect(head).toBe('digraph kiln {');
        expect(lines.pop()).toBe('}');
        const quoted = String.raw`"(?:[^"\\]|\\.)*"`;
        const value = `(?:${quoted}|[a-z]+|[0-9.]+)`;
        const statement = new RegExp(
          `^  (?:v\\d+|v\\d+ -> v\\d+|node|edge)(?: \\[\\w+=${value}(?:, \\w+=${value})*\\])?;$|^  rankdir=TB;$`,
          'u',
        );
        for (const line of lines) expect(line).toMatch(statement);
      }),
    );
  });

  it('shows names as they are', () => {
    const text = renderDot(viewOf([[]], ['a "b" \\N &lt;']));
    expect(text).toContain(String.raw`label="a \"b\" \\N &amp;lt;"`);
  });
});

describe('a plan as a Mermaid flowchart', () => {
  it('has a statement on each line, whatever the names', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const [head, ...lines] = renderMermaid(view).trimEnd().split('\n');
        expect(head).toBe('flowchart TD');
        const label = String.raw`"(?:[\p{L}\p{N} /.:,=@-]|#\d+;)*"`;
        const node = new RegExp(
          `^  v\\d+(?:\\[${label}\\]|\\(\\[${label}\\]\\)):::(?:source|cached|run|unknown)$`,
          'u',
        );
        for (const line of lines) {
          if (line.startsWith('  classDef ')) continue;
          if (line.includes(']:::') || line.includes(']):::')) expect(line).toMatch(node);
          else expect(line).toMatch(/^ {2}v\d+ (?:-->|-\.->) v\d+$/);
        }
      }),
    );
  });

  it('has no label that begins as a list does', () => {
    const text = renderMermaid(viewOf([[], []], ['1. one', '- two']));
    expect(text).toContain('v1["1#46; one"]');
    expect(text).toContain('v2(["#45; two"])');
  });
});

describe('a plan as a picture', () => {
  it('is well-formed, with a box for each vertex and a line for each input, whatever the names', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const svg = renderSvg(view).replace(/^<\?xml .*\?>\n/, '');
        const elements = elementsOf(svg.replace(/<style>[^<]*<\/style>/, '<style></style>'));
        expect(elements.filter((name) => name === 'g')).toHaveLength(view.vertices.length);
        expect(elements.filter((name) => name === 'title')).toHaveLength(view.vertices.length);
        const inputs = view.vertices.reduce((sum, vertex) => sum + vertex.inputs.length, 0);
        expect(svg.match(/class="line( base)? end"/g) ?? []).toHaveLength(inputs);
        expect(elements).not.toContain('script');
        expect(svg).not.toMatch(/NaN|Infinity|undefined/);
      }),
    );
  });

  it('shows the same graph in the same way', () => {
    expect(renderSvg(structuredClone(hostile))).toBe(renderSvg(hostile));
  });

  it('can be of nothing', () => {
    expect(renderSvg({ vertices: [], targets: [] })).toContain('</svg>');
  });
});

describe('a plan as a page', () => {
  it('is well-formed and has nothing that comes from a name but text', () => {
    fc.assert(
      fc.property(anyView, (view) => {
        const html = renderHtml(view);
        const body = html.slice(html.indexOf('<header>'), html.indexOf('<script>'));
        const elements = elementsOf(body);
        expect(elements.filter((name) => name === 'section')).toHaveLength(view.vertices.length);
        expect(elements).not.toContain('script');
        expect([...new Set(elements)].sort().join(' ')).toMatch(
          /^a aside b code dd defs dl dt g h1 h2 header li main marker p path pre rect section span svg text title ul$/,
        );
        for (const [, href = ''] of body.matchAll(/ href="([^"]*)"/g)) expect(href).toMatch(/^#v\d+$/);
      }),
    );
  });

  it('lets nothing be loaded, and no script run but its own', () => {
    const html = renderHtml(hostile);
    const [, policy = ''] = /Content-Security-Policy" content="([^"]*)"/.exec(html) ?? [];
    const [, script = ''] = /<script>(.*?)<\/script>/s.exec(html) ?? [];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${createHash('sha256').update(script).digest('base64')}'`);
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toMatch(/ (?:src|href)="(?!#)|url\((?!#)|@import/);
  });

  it('says of each vertex what it needs and what needs it', () => {
    const html = renderHtml(diamond);
    const [, section = ''] = /<section id="v2">(.*?)<\/section>/s.exec(html) ?? [];
    expect(section).toContain('<dt>Needs</dt><dd><a class="source" href="#v1">1 · [build 0/9] RUN make 0</a></dd>');
    expect(section).toContain(
      '<dt>Needed by</dt><dd><a class="unknown" href="#v4">4 · [build 3/9] RUN make 3</a></dd>',
    );
  });
});

describe('a plan of a thousand vertices', () => {
  const chain = Array.from({ length: 1000 }, (_, index) => (index < 2 ? [] : [index - 1, 0]));
  const wide = Array.from({ length: 1000 }, (_, index) => (index < 999 ? [] : [...Array(999).keys()]));
  const stages = Array.from({ length: 1000 }, (_, index) =>
    index % 20 === 0 ? [] : [index - 1, index % 7, index >> 1],
  );

  it.each([
    ['a chain', chain],
    ['a wide graph', wide],
    ['stages', stages],
  ])('is drawn in no time: %s', (_, inputs) => {
    const view = viewOf(inputs);
    const begun = performance.now();
    for (const render of [renderText, renderJson, renderDot, renderMermaid, renderHtml]) render(view);
    // Some 200 ms on a machine that has nothing else to do.
    expect(performance.now() - begun).toBeLessThan(4000);
  });
});
