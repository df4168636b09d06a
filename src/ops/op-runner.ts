import { assert } from '../diagnostic/assert.ts';
import type { CacheKey } from '../cache/cache-key.ts';
import { describedSystemError } from '../files/describe-system-errors.ts';
import type { SeenFiles } from '../files/seen-files.ts';
import { selectSources } from '../files/select-sources.ts';
import type { Tree } from '../files/tree.ts';
import { TreeReader } from '../files/tree-reader.ts';
import type { CopyAction } from '../graph/file-op.ts';
import type { Vertex } from '../graph/vertex.ts';
import { parseDescriptor } from '../spec/descriptor.ts';
import type { Outcome, RunContext, VertexRunner, Work } from '../solver/vertex-runner.ts';
import { checkEntitlements } from './entitlements.ts';
import { checkNulBytes } from './nul-bytes.ts';
import type { BuildEnvironment, FetchedTree, OpEnvironment } from './op-environment.ts';
import { stepKey } from './op-key.ts';
import type { Result } from './result.ts';
import { runExec } from './run-exec.ts';
import { runFile } from './run-file.ts';
import { runPlanned, type Plans } from './run-planned.ts';
import { prepareRoot } from './step-root.ts';

/** What the vertices of a build do. */
export class OpRunner implements VertexRunner<Result> {
  readonly #environment: BuildEnvironment;
  readonly #plans: Plans = new Map();
  /** What may run a program still. */
  readonly #programs = new Set<Vertex>();
  /** What contexts were like when the key of a vertex was made. */
  readonly #seen = new Map<Vertex, OpEnvironment['seen']>();

  constructor(environment: BuildEnvironment) {
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

  check(vertex: Vertex, inputs: readonly (Result | undefined)[]): void {
    const { op } = vertex;
    checkNulBytes(op);
    if (op.kind === 'exec') {
      checkEntitlements(op, this.#environment.entitlements);
      this.#programs.add(vertex);
    }
    if (op.kind !== 'file') return;
    for (const action of op.actions) {
      const input = action.kind === 'copy' ? inputs[action.input] : undefined;
      if (action.kind === 'copy' && input?.kind === 'tree') checkSources(input.tree, action);
    }
  }

  /** Neither a URL nor a branch decides what is there: it has to be asked for every time. */
  fetch({ op }: Vertex): ((context: RunContext) => Promise<Outcome<Result>>) | undefined {
    const { http, git } = this.#environment;
    if (op.kind === 'http') return async (context) => fetched(await http(op, context));
    if (op.kind === 'git') return async (context) => fetched(await git(op, context));
    return undefined;
  }

  key(vertex: Vertex, inputs: readonly Result[], { signal }: RunContext): Promise<CacheKey> {
    this.#seen.set(vertex, new Map());
    return stepKey(this.#environmentOf(vertex), vertex, inputs, signal);
  }

  find(key: CacheKey): Result | undefined {
    const { content, records, snapshots } = this.#environment;
    const chain = records.find(key);
    if (chain === undefined || !snapshots.has(chain)) return undefined;
    const blob = snapshots.onlyBlob(chain);
    if (blob !== undefined) {
      const { digest, size } = content.database.json(blob, parseDescriptor);
      if (content.blobs.size(digest) !== size) return undefined;
    }
    return { kind: 'snapshot', chain };
  }

  async run(work: Work<Result>, context: RunContext): Promise<Outcome<Result>> {
    const { key, isFresh, vertex } = work;
    const { content, records } = this.#environment;
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
    const environment = this.#environmentOf(vertex);
    const { snapshots, diffId } = environment;
    const { op, options } = vertex;
    const { signal } = context;
    if (op.kind === 'file' && environment.isPlanned(vertex)) {
      const chain = await runPlanned(environment, this.#plans, { op, vertex, inputs, signal });
      if (chain !== undefined) return chain;
    }
    if (op.kind === 'exec') environment.sandbox().begin(op.network);
    const root = await prepareRoot(environment, inputs, signal);
    const { draft } = root;
    try {
      if (op.kind === 'file') {
        await runFile(environment, op, { inputs, root, signal });
      } else {
        assert(op.kind === 'exec', `a vertex of kind ${op.kind} is no step`);
        await runExec(environment, op, { inputs, root, hiddenEnv: options.hiddenEnv, isFresh }, context);
      }
      await snapshots.collect(draft);
      return snapshots.commit(draft, await diffId(draft, signal, vertex));
    } catch (error) {
      snapshots.discard(draft.upper);
      throw error;
    }
  }

  #environmentOf(vertex: Vertex): OpEnvironment {
    const seen: OpEnvironment['seen'] = this.#seen.get(vertex) ?? new Map<Tree, SeenFiles>();
    return { ...this.#environment, seen };
  }

  settled(vertex: Vertex): void {
    this.#seen.delete(vertex);
    if (this.#programs.delete(vertex) && this.#programs.size === 0) this.#environment.endSandbox();
  }

  #merge([base, top]: readonly Result[]): string {
    assert(base?.kind === 'snapshot' && top?.kind === 'snapshot', 'only layers can be merged');
    return this.#environment.snapshots.merge(base.chain, top.chain);
  }
}

function fetched({ tree, isNew }: FetchedTree): Outcome<Result> {
  return { result: { kind: 'tree', tree }, ran: isNew };
}

/** Whether there is what is to be copied. */
function checkSources(tree: Tree, action: CopyAction): void {
  try {
    selectSources(new TreeReader(tree), action);
  } catch (error) {
    throw describedSystemError([tree.root], error);
  }
}
