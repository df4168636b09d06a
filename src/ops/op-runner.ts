import { assert } from '../diagnostic/assert.ts';
import { cacheKey, type CacheKey } from '../cache/cache-key.ts';
import { selectSources } from '../files/select-sources.ts';
import { TreeReader } from '../files/tree-reader.ts';
import type { Vertex } from '../graph/vertex.ts';
import type { Outcome, RunContext, VertexRunner, Work } from '../solver/vertex-runner.ts';
import type { OpEnvironment } from './op-environment.ts';
import { stepKey } from './op-key.ts';
import type { Result, TreeResult } from './result.ts';
import { runExec } from './run-exec.ts';
import { runFile } from './run-file.ts';
import { prepareRoot } from './step-root.ts';

/** What the vertices of a build do. */
export class OpRunner implements VertexRunner<Result> {
  readonly #environment: OpEnvironment;
  /** What was fetched, by key. */
  readonly #fetched = new Map<string, TreeResult>();

  constructor(environment: OpEnvironment) {
    this.#environment = environment;
  }

  immediate({ op }: Vertex, inputs: readonly Result[]): Result | undefined {
    switch (op.kind) {
      case 'scratch':
        return { kind: 'snapshot', chain: '' };
      case 'image':
        return { kind: 'snapshot', chain: op.chain };
      case 'local':
        return { kind: 'tree', tree: this.#environment.local(op) };
      case 'merge':
        return { kind: 'snapshot', chain: this.#merge(inputs) };
      default:
        return undefined;
    }
  }

  check({ op }: Vertex, inputs: readonly (Result | undefined)[]): void {
    if (op.kind !== 'file') return;
    for (const action of op.actions) {
      const input = action.kind === 'copy' ? inputs[action.input] : undefined;
      if (action.kind === 'copy' && input?.kind === 'tree') selectSources(new TreeReader(input.tree), action);
    }
  }

  async key(vertex: Vertex, inputs: readonly Result[], context: RunContext): Promise<CacheKey> {
    const { op } = vertex;
    if (op.kind !== 'http' && op.kind !== 'git') return stepKey(this.#environment, vertex, inputs, context.signal);
    // What is fetched is known by its content: it has to be asked for every time.
    const { tree, digest } = await (op.kind === 'http'
      ? this.#environment.http(op, context)
      : this.#environment.git(op, context));
    const key = cacheKey([{ name: op.kind, value: digest }]);
    this.#fetched.set(key.digest, { kind: 'tree', tree });
    return key;
  }

  find(key: CacheKey): Result | undefined {
    const { records, snapshots } = this.#environment;
    const fetched = this.#fetched.get(key.digest);
    if (fetched) return fetched;
    const chain = records.find(key);
    return chain !== undefined && snapshots.has(chain) ? { kind: 'snapshot', chain } : undefined;
  }

  async run(work: Work<Result>, context: RunContext): Promise<Outcome<Result>> {
    const { key, isFresh, vertex } = work;
    const { content, records } = this.#environment;
    const fetched = this.#fetched.get(key.digest);
    if (fetched) return { result: fetched, ran: true };
    const lock = await content.lockKey(`step-${key.digest.slice('sha256:'.length)}`, context.signal);
    try {
      const other = isFresh ? undefined : this.find(key);
      if (other) return { result: other, ran: false };
      const chain = await this.#step(work, context);
      records.add({ key: key.digest, parts: key.parts, name: vertex.options.name, chain });
      return { result: { kind: 'snapshot', chain }, ran: true };
    } finally {
      await lock[Symbol.asyncDispose]();
    }
  }

  async #step({ vertex, inputs, isFresh }: Work<Result>, context: RunContext): Promise<string> {
    const { snapshots, diffId } = this.#environment;
    const { op, options } = vertex;
    const { signal } = context;
    const root = await prepareRoot(this.#environment, inputs, signal);
    const { draft } = root;
    try {
      if (op.kind === 'file') {
        await runFile(this.#environment, op, { inputs, root, signal });
      } else {
        assert(op.kind === 'exec', `a vertex of kind ${op.kind} is no step`);
        await runExec(this.#environment, op, { inputs, root, hiddenEnv: options.hiddenEnv, isFresh }, context);
      }
      return snapshots.commit(draft, await diffId(draft, signal));
    } catch (error) {
      snapshots.discard(draft.upper);
      throw error;
    }
  }

  #merge([base, top]: readonly Result[]): string {
    assert(base?.kind === 'snapshot' && top?.kind === 'snapshot', 'only layers can be merged');
    return this.#environment.snapshots.merge(base.chain, top.chain);
  }
}
