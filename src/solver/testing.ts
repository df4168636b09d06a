import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { cacheKey, type CacheKey } from '../cache/cache-key.ts';
import { VertexFactory, type Vertex } from '../graph/vertex.ts';
import type { Outcome, RunContext, VertexRunner, Work } from './vertex-runner.ts';

/*
 * For tests. Vertices are known by their names, which are also the results of those that are given.
 */

export interface TestVertex {
  /** Indices of earlier vertices. */
  readonly inputs: readonly number[];
  /** It is given, not made. */
  readonly isSource?: boolean;
  readonly ignoreCache?: boolean;
}

/** The vertices of a graph; that of index 3 is called `v3`. */
export function makeGraph(vertices: readonly TestVertex[]): readonly Vertex[] {
  const factory = new VertexFactory();
  const made: Vertex[] = [];
  for (const [index, { inputs, isSource = false, ignoreCache = false }] of vertices.entries()) {
    const name = `v${index}`;
    const op = isSource
      ? ({ kind: 'local', name, excludes: [] } as const)
      : ({ kind: 'http', url: name, checksum: '' } as const);
    const needed = inputs.flatMap((input) => made[input] ?? []);
    made.push(factory.make(op, needed, { name, ignoreCache, span: undefined, hiddenEnv: [] }));
  }
  return made;
}

/** Graphs of some 20 vertices, the last of which is the target. */
export const anyGraph: fc.Arbitrary<readonly TestVertex[]> = fc
  .array(
    fc.record({ picks: fc.array(fc.nat(), { maxLength: 4 }), isSource: fc.boolean(), ignoreCache: fc.constant(false) }),
    { minLength: 1, maxLength: 24 },
  )
  .map((nodes) =>
    nodes.map(({ picks, isSource, ignoreCache }, index) => ({
      inputs: index === 0 ? [] : [...new Set(picks.map((pick) => pick % index))],
      isSource: isSource && (index === 0 || picks.length === 0),
      ignoreCache,
    })),
  );

/** What is done with a vertex besides noting it. Throws to make it fail. */
export type TestWork = (name: string, context: RunContext) => Promise<void>;

/** Remembers what ran. Results are kept from one solve to the next. */
export class TestRunner implements VertexRunner<string> {
  /** `+v1` when it begins, `-v1` when it ends, however. */
  readonly journal: string[] = [];
  readonly kept = new Map<string, string>();
  mostRunning = 0;
  /** Nothing is known to be wrong beforehand. */
  check: VertexRunner<string>['check'] = () => undefined;
  fetch: VertexRunner<string>['fetch'] = () => undefined;
  readonly #work: TestWork;
  #running = 0;

  constructor(work: TestWork = async () => setImmediate()) {
    this.#work = work;
  }

  /** Names of vertices that were run, in order. */
  get ran(): readonly string[] {
    return this.journal.filter((entry) => entry.startsWith('+')).map((entry) => entry.slice(1));
  }

  get isIdle(): boolean {
    return this.#running === 0;
  }

  immediate({ op, options }: Vertex): string | undefined {
    return op.kind === 'local' ? options.name : undefined;
  }

  key({ options }: Vertex, inputs: readonly string[]): Promise<CacheKey> {
    return Promise.resolve(cacheKey([options.name, ...inputs].map((value) => ({ name: '', value }))));
  }

  find({ digest }: CacheKey): string | undefined {
    return this.kept.get(digest);
  }

  async run({ vertex, key }: Work<string>, context: RunContext): Promise<Outcome<string>> {
    const { name } = vertex.options;
    this.journal.push(`+${name}`);
    this.mostRunning = Math.max(this.mostRunning, ++this.#running);
    try {
      await this.#work(name, context);
    } finally {
      this.#running--;
      this.journal.push(`-${name}`);
    }
    this.kept.set(key.digest, name);
    return { result: name, ran: true };
  }
}
