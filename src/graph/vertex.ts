import type { Span } from '../diagnostic/source.ts';
import { toBytes } from '../spec/byte-string.ts';
import { sha256 } from '../spec/sha256.ts';
import type { Op } from './op.ts';

/** What does not decide the result of a vertex. */
export interface VertexOptions {
  /** What it is called in the progress. */
  readonly name: string;
  /** Do not look for an earlier result. */
  readonly ignoreCache: boolean;
  /** Name of the stage that it is a step of. */
  readonly stage?: string;
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
  const parts = [canonicalJson(op), ...inputs.map(({ digest }) => digest)];
  return `sha256:${sha256(toBytes(parts.join('\n')))}`;
}

/** JSON with sorted keys, so that the order in which an object was put together says nothing. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
}

/**
 * Some vertices and all that they need, inputs first. Equal vertices are one, and that one ignores the cache if any of them
 * does.
 */
export function inputsFirst(targets: readonly Vertex[]): readonly Vertex[] {
  const order = new Map<string, Vertex>();
  const seen = new Set<Vertex>();
  // Not recursive: graphs are deep.
  const open: { readonly vertex: Vertex | undefined; readonly rest: ArrayIterator<Vertex> }[] = [
    { vertex: undefined, rest: targets.values() },
  ];
  for (let top = open.at(-1); top; top = open.at(-1)) {
    const next = top.rest.next();
    if (next.done) {
      const { vertex } = top;
      if (vertex && (!order.has(vertex.digest) || vertex.options.ignoreCache)) order.set(vertex.digest, vertex);
      open.pop();
    } else if (!seen.has(next.value)) {
      seen.add(next.value);
      open.push({ vertex: next.value, rest: next.value.inputs.values() });
    }
  }
  return [...order.values()];
}
