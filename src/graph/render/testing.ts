import fc from 'fast-check';
import type { GraphView, VertexState, VertexView } from '../graph-view.ts';

/*
 * For tests.
 */

const states: readonly VertexState[] = ['source', 'cached', 'run', 'unknown'];

/** A graph of which only the inputs, by index, and perhaps the names matter. The last vertex is the target. */
export function viewOf(inputs: readonly (readonly number[])[], names: readonly string[] = []): GraphView {
  const vertices = inputs.map((needed, index): VertexView => ({
    ...{ digest: `sha256:${index}`, name: names[index] ?? `[build ${index}/9] RUN make ${index}`, kind: 'exec' },
    inputs: needed.map((input) => `sha256:${input}`),
    state: states[index % states.length] ?? 'run',
    op: { kind: 'exec', args: [names[index] ?? 'make'] },
  }));
  return { vertices, targets: vertices.slice(-1).map(({ digest }) => digest) };
}

/** Inputs of the vertices of any graph. */
export const anyInputs: fc.Arbitrary<readonly (readonly number[])[]> = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 40 })
  .map((nodes) => nodes.map((picks, index) => (index === 0 ? [] : [...new Set(picks.map((pick) => pick % index))])));

/** Names that try to be something else. */
export const hostileNames: readonly string[] = [
  '</title></text></svg><script>alert(1)</script>',
  '"]; evil [label="',
  '"]:::run\n  click v1 "javascript:alert(1)"',
  '\\N \\" \\\\',
  "' onclick='alert(1)",
  '\u001b[31m\u202e\u0000\ufffe\ud800 \t\r\n end',
  '--> %% #quot; `x` **y** &lt; &amp;',
  '1. list',
];
