import { createHash } from 'node:crypto';
import type { Span } from '../diagnostic/source.ts';
import type { Op } from './op.ts';

/** What does not decide the result of a vertex. */
export interface VertexOptions {
  /** What it is called in the progress. */
  readonly name: string;
  /** Do not look for an earlier result. */
  readonly ignoreCache: boolean;
  /** The instruction it comes from. */
  readonly span: Span | undefined;
  /** Variables that a program gets without their being part of what is run: proxies. `NAME=value`. */
  readonly hiddenEnv: readonly string[];
}

/** A node of the graph. Two of the same digest are the same. */
export interface Vertex {
  /** sha256 of the operation and the digests of the inputs, as `sha256:hex`. */
  readonly digest: string;
  readonly op: Op;
  readonly inputs: readonly Vertex[];
  readonly options: VertexOptions;
}

/** Makes vertices, and makes equal ones only once. */
export class VertexFactory {
  readonly #vertices = new Map<string, Vertex>();

  make(op: Op, inputs: readonly Vertex[], options: VertexOptions): Vertex {
    const digest = digestOf(op, inputs);
    const found = this.#vertices.get(digest);
    if (found && (found.options.ignoreCache || !options.ignoreCache)) return found;
    const vertex: Vertex = { digest, op, inputs, options };
    this.#vertices.set(digest, vertex);
    return vertex;
  }
}

function digestOf(op: Op, inputs: readonly Vertex[]): string {
  const hash = createHash('sha256').update(canonicalJson(op));
  for (const { digest } of inputs) hash.update(`\n${digest}`);
  return `sha256:${hash.digest('hex')}`;
}

/** JSON with sorted keys, so that the order in which an object was put together says nothing. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/** The vertices that a vertex needs and itself, inputs first, each once. */
export function inputsFirst(targets: readonly Vertex[]): readonly Vertex[] {
  const order = new Set<Vertex>();
  const open = [...targets].reverse().map((vertex) => ({ vertex, next: 0 }));
  const seen = new Set<Vertex>(targets);
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const input = top.vertex.inputs[top.next++];
    if (!input) {
      order.add(top.vertex);
      open.pop();
    } else if (!seen.has(input) || (!order.has(input) && targets.includes(input))) {
      seen.add(input);
      open.push({ vertex: input, next: 0 });
    }
  }
  return [...order];
}
