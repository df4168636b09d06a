import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputsFirst, type Vertex } from '../graph/vertex.ts';
import { preview } from './preview.ts';
import { solve } from './solve.ts';
import { VertexError } from './vertex-error.ts';
import { anyGraph, makeGraph, TestRunner, type TestVertex } from './testing.ts';

const { signal } = new AbortController();

const options = { jobs: 4, sink: () => undefined, clock: () => 0, keepGoing: false, signal };

async function statesOf(targets: readonly Vertex[], runner: TestRunner): Promise<Record<string, string>> {
  const states = await preview(targets, runner, { signal });
  return Object.fromEntries([...states].map(([vertex, state]) => [vertex.options.name, state]));
}

function graphOf(...nodes: readonly TestVertex[]): readonly Vertex[] {
  return makeGraph(nodes);
}

describe('the preview of a build', () => {
  it('says of what follows a vertex that has to run that nobody knows', async () => {
    const targets = graphOf({ inputs: [], isSource: true }, { inputs: [0] }, { inputs: [1] }, { inputs: [0] });
    const runner = new TestRunner();
    await solve(targets.slice(3), { ...options, runner });
    expect(await statesOf(targets, runner)).toEqual({ v0: 'source', v1: 'run', v2: 'unknown', v3: 'cached' });
  });

  it('says that a vertex that ignores the cache has to run', async () => {
    const runner = new TestRunner();
    await solve(graphOf({ inputs: [] }, { inputs: [0] }), { ...options, runner });
    const targets = graphOf({ inputs: [], ignoreCache: true }, { inputs: [0] });
    expect(await statesOf(targets, runner)).toEqual({ v0: 'run', v1: 'unknown' });
  });

  it('runs nothing; says of any graph that all of it has to run or may, and that none has to once it was solved', async () => {
    await fc.assert(
      fc.asyncProperty(anyGraph, async (nodes) => {
        const targets = makeGraph(nodes).slice(-1);
        const runner = new TestRunner();
        const before = await preview(targets, runner, { signal });
        expect(runner.journal).toEqual([]);
        expect([...before.keys()]).toEqual(inputsFirst(targets));
        for (const [{ op, inputs }, state] of before) {
          const isKnown = inputs.every(({ op: { kind } }) => kind === 'local');
          expect(state).toBe(op.kind === 'local' ? 'source' : isKnown ? 'run' : 'unknown');
        }
        const { ran } = await solve(targets, { ...options, runner });
        const after = await preview(targets, runner, { signal });
        expect([...after.values()].filter((state) => state === 'cached')).toHaveLength(ran);
        expect([...after.values()].filter((state) => state !== 'cached' && state !== 'source')).toEqual([]);
      }),
    );
  });

  it('takes what is put together from results that are there for cached', async () => {
    const runner = new TestRunner();
    runner.immediate = ({ options: { name } }) => name;
    expect(await statesOf(graphOf({ inputs: [] }, { inputs: [0] }), runner)).toEqual({ v0: 'source', v1: 'cached' });
  });

  it('says of what comes from elsewhere whether it had to be transferred, and knows what follows from it', async () => {
    const runner = new TestRunner();
    runner.fetch = ({ options: { name } }) =>
      name === 'v2' ? undefined : () => Promise.resolve({ result: name, ran: name === 'v0' });
    const targets = graphOf({ inputs: [] }, { inputs: [] }, { inputs: [0, 1] });
    expect(await statesOf(targets, runner)).toEqual({ v0: 'run', v1: 'cached', v2: 'run' });
  });

  it('fails where the build would, with the vertex', async () => {
    const runner = Object.assign(new TestRunner(), { key: () => Promise.reject(new Error('no such file')) });
    const error = await preview(graphOf({ inputs: [] }), runner, { signal }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(VertexError);
    expect(error).toMatchObject({ message: 'no such file', vertex: { options: { name: 'v0' } } });
  });

  it('rejects with the reason when it is stopped', async () => {
    const controller = new AbortController();
    const runner = Object.assign(new TestRunner(), {
      key: () => {
        controller.abort(new Error('SIGINT'));
        return Promise.reject(new Error('the operation was aborted'));
      },
    });
    const stopped = preview(graphOf({ inputs: [] }), runner, { signal: controller.signal });
    await expect(stopped).rejects.toThrow('SIGINT');
  });
});
