import { setImmediate, setTimeout } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { inputsFirst, type Vertex } from '../graph/vertex.ts';
import type { BuildEvent, VertexStatus } from '../progress/build-event.ts';
import { solve, type SolveOptions } from './solve.ts';
import { VertexError } from './vertex-error.ts';
import { anyGraph, makeGraph, TestRunner, type TestVertex } from './testing.ts';

function optionsFor(
  runner: TestRunner,
  options: Partial<Omit<SolveOptions<string>, 'runner'>> = {},
): SolveOptions<string> {
  return {
    ...{ runner, jobs: 4, sink: () => undefined, clock: () => 0, keepGoing: false },
    ...{ signal: new AbortController().signal, ...options },
  };
}

function lastOf(vertices: readonly Vertex[]): Vertex {
  const last = vertices.at(-1);
  if (!last) throw new Error('the graph is empty');
  return last;
}

/** Names of all that vertices need, themselves included. */
function namesBelow(targets: readonly Vertex[]): readonly string[] {
  return inputsFirst(targets).map(({ options }) => options.name);
}

const chain = (length: number): readonly TestVertex[] =>
  Array.from({ length }, (_, index) => ({ inputs: index === 0 ? [] : [index - 1] }));

/** Any number of vertices, and one that needs them all. */
const fan = (count: number): readonly TestVertex[] => [
  ...Array.from({ length: count }, () => ({ inputs: [] })),
  { inputs: Array.from({ length: count }, (_, index) => index) },
];

describe('what can be begun at once', () => {
  it('gets as far as it gets without waiting, one after the other', async () => {
    const journal: string[] = [];
    const graph = makeGraph(fan(3));
    const runner = new TestRunner(async (name) => {
      for (const part of ['a', 'b', 'c']) {
        journal.push(name + part);
        await Promise.resolve();
      }
      await setImmediate();
      journal.push(`${name} ends`);
    });
    await solve([lastOf(graph)], optionsFor(runner));
    const begun = ['v0', 'v1', 'v2'].flatMap((name) => [`${name}a`, `${name}b`, `${name}c`]);
    expect(journal.filter((line) => begun.includes(line))).toEqual(begun);
  });
});

describe('solving any graph', () => {
  it('runs each vertex that is needed once, after its inputs, never more than there are jobs, and not again', async () => {
    await fc.assert(
      fc.asyncProperty(anyGraph, fc.integer({ min: 1, max: 5 }), async (nodes, jobs) => {
        const graph = makeGraph(nodes);
        const target = lastOf(graph);
        const needed = inputsFirst([target]);
        const runner = new TestRunner();
        const first = await solve([target], optionsFor(runner, { jobs }));

        const steps = needed.filter(({ op }) => op.kind !== 'local').map(({ options }) => options.name);
        expect([...runner.ran].sort()).toEqual([...steps].sort());
        expect(first).toEqual({ results: [target.options.name], ran: steps.length });
        expect(runner.mostRunning).toBeLessThanOrEqual(jobs);
        for (const { options, inputs } of needed) {
          const begun = runner.journal.indexOf(`+${options.name}`);
          for (const input of inputs) {
            if (input.op.kind !== 'local') {
              expect(runner.journal.slice(0, begun)).toContain(`-${input.options.name}`);
            }
          }
        }

        const second = await solve([target], optionsFor(runner, { jobs }));
        expect(second).toEqual({ results: first.results, ran: 0 });
        expect(runner.ran).toHaveLength(steps.length);
      }),
    );
  });

  it('ends with the failure that came first, and begins nothing after it; nothing runs when it is over', async () => {
    await fc.assert(
      fc.asyncProperty(anyGraph, fc.nat(), fc.integer({ min: 1, max: 5 }), async (nodes, pick, jobs) => {
        const graph = makeGraph(nodes);
        const steps = inputsFirst(graph).filter(({ op }) => op.kind !== 'local');
        fc.pre(steps.length > 0);
        const broken = steps[pick % steps.length]?.options.name ?? '';
        const runner = new TestRunner(async (name) => {
          await setImmediate();
          if (name === broken) throw new Error(`${name} is broken`);
        });
        const error = await solve(graph, optionsFor(runner, { jobs })).catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(VertexError);
        expect(error).toMatchObject({ message: `${broken} is broken`, vertex: { options: { name: broken } } });
        expect(runner.isIdle).toBe(true);
        const end = runner.journal.indexOf(`-${broken}`);
        expect(runner.journal.slice(end).filter((entry) => entry.startsWith('+'))).toEqual([]);
      }),
    );
  });

  it('runs, if it is to keep going, all that does not need what failed', async () => {
    await fc.assert(
      fc.asyncProperty(anyGraph, fc.nat(), async (nodes, pick) => {
        const graph = makeGraph(nodes);
        const order = inputsFirst(graph);
        const steps = order.filter(({ op }) => op.kind !== 'local');
        fc.pre(steps.length > 0);
        const broken = steps[pick % steps.length]?.options.name ?? '';
        const runner = new TestRunner((name) =>
          name === broken ? Promise.reject(new Error('broken')) : Promise.resolve(),
        );
        await expect(solve(graph, optionsFor(runner, { keepGoing: true }))).rejects.toThrow('broken');
        const expected = steps
          .filter((vertex) => !namesBelow([vertex]).includes(broken) || vertex.options.name === broken)
          .map(({ options }) => options.name);
        expect([...runner.ran].sort()).toEqual([...expected].sort());
        expect(runner.isIdle).toBe(true);
      }),
    );
  });
});

describe('solving', () => {
  it('runs as many vertices at a time as there are jobs', async () => {
    const runner = new TestRunner();
    await solve([lastOf(makeGraph(fan(10)))], optionsFor(runner, { jobs: 3 }));
    expect(runner.mostRunning).toBe(3);
  });

  it('runs what is the target of two builds in one once', async () => {
    const [a, b] = [makeGraph(chain(3)), makeGraph(chain(4))];
    const runner = new TestRunner();
    const { results, ran } = await solve([lastOf(a), lastOf(b)], optionsFor(runner));
    expect({ results, ran, order: runner.ran }).toEqual({
      ...{ results: ['v2', 'v3'], ran: 4 },
      order: ['v0', 'v1', 'v2', 'v3'],
    });
  });

  it('runs a vertex that ignores the cache though its result is known, and what is after it only if that changed', async () => {
    const runner = new TestRunner();
    await solve([lastOf(makeGraph(chain(3)))], optionsFor(runner));
    const again = makeGraph([{ inputs: [] }, { inputs: [0], ignoreCache: true }, { inputs: [1] }]);
    const { ran } = await solve([lastOf(again)], optionsFor(runner));
    expect(ran).toBe(1);
    expect(runner.ran.slice(3)).toEqual(['v1']);
  });

  it('ignores the cache for equal vertices if it is to for one of them', async () => {
    const runner = new TestRunner();
    await solve([lastOf(makeGraph(chain(2)))], optionsFor(runner));
    const cached = makeGraph(chain(2));
    const fresh = makeGraph([{ inputs: [] }, { inputs: [0], ignoreCache: true }]);
    const { results } = await solve([lastOf(cached), lastOf(fresh)], optionsFor(runner));
    expect(results).toEqual(['v1', 'v1']);
    expect(runner.ran.slice(2)).toEqual(['v1']);
  });

  it('takes the result that another process has made in the meantime', async () => {
    const runner = new TestRunner();
    const waiting = Object.assign(runner, { run: () => Promise.resolve({ result: 'theirs', ran: false }) });
    const events: BuildEvent[] = [];
    const solution = await solve(
      [lastOf(makeGraph(chain(1)))],
      optionsFor(waiting, { sink: (event) => events.push(event) }),
    );
    expect(solution).toEqual({ results: ['theirs'], ran: 0 });
    expect(statusesOf(events).at(-1)).toMatchObject({ cached: true });
  });

  it('fetches no more at a time than there are jobs, and asks the origin every time', async () => {
    const runner = new TestRunner();
    let [running, most, asked] = [0, 0, 0];
    runner.fetch = ({ options: { name } }) => {
      if (name === 'v10') return undefined;
      return async () => {
        most = Math.max(most, ++running);
        await setImmediate();
        running--;
        return { result: name, ran: asked++ < 10 };
      };
    };
    const targets = [lastOf(makeGraph(fan(10)))];
    expect(await solve(targets, optionsFor(runner, { jobs: 3 }))).toEqual({ results: ['v10'], ran: 11 });
    expect(await solve(targets, optionsFor(runner, { jobs: 3 }))).toEqual({ results: ['v10'], ran: 0 });
    expect({ most, asked, ran: runner.ran }).toEqual({ most: 3, asked: 20, ran: ['v10'] });
  });

  it('rejects with the reason when it is stopped, soon, and leaves nothing running', async () => {
    const runner = new TestRunner(async (_, { signal }) => {
      await setTimeout(60_000, undefined, { signal });
    });
    const controller = new AbortController();
    const reason = new Error('SIGINT');
    const solved = solve([lastOf(makeGraph(fan(10)))], optionsFor(runner, { signal: controller.signal }));
    const ended = expect(solved).rejects.toBe(reason);
    while (runner.ran.length < 4) await setImmediate();
    const begun = performance.now();
    controller.abort(reason);
    await ended;
    expect(performance.now() - begun).toBeLessThan(500);
    expect(runner.isIdle).toBe(true);
    expect(runner.ran).toHaveLength(4);
  });

  it('runs nothing if it was stopped before', async () => {
    const runner = new TestRunner();
    const signal = AbortSignal.abort(new Error('too late'));
    await expect(solve([lastOf(makeGraph(chain(3)))], optionsFor(runner, { signal }))).rejects.toThrow('too late');
    expect(runner.journal).toEqual([]);
  });

  it('waits for what runs beside a vertex that fails to end', async () => {
    const runner = new TestRunner(async (name, { signal }) => {
      if (name === 'v0') throw new Error('v0 is broken');
      await setTimeout(60_000, undefined, { signal }).catch(() => setImmediate());
    });
    await expect(solve([lastOf(makeGraph(fan(3)))], optionsFor(runner))).rejects.toThrow('v0 is broken');
    expect(runner.isIdle).toBe(true);
  });

  it('takes a key that cannot be made for a failure of the vertex', async () => {
    const runner = Object.assign(new TestRunner(), { key: () => Promise.reject(new Error('no such file')) });
    const error = await solve([lastOf(makeGraph(chain(2)))], optionsFor(runner)).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ message: 'no such file', vertex: { options: { name: 'v0' } } });
  });

  it('runs nothing if it is plain that a vertex will fail, the last of them first', async () => {
    const runner = new TestRunner();
    const seen: unknown[] = [];
    runner.check = ({ options }: Vertex, inputs: readonly (string | undefined)[]) => {
      seen.push([options.name, inputs]);
      if (options.name === 'v1') throw new Error('no such file');
    };
    const nodes = [{ inputs: [], isSource: true }, { inputs: [0] }, { inputs: [1, 0] }];
    const error = await solve([lastOf(makeGraph(nodes))], optionsFor(runner)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(VertexError);
    expect(error).toMatchObject({ message: 'no such file', vertex: { options: { name: 'v1' } } });
    expect(runner.ran).toEqual([]);
    expect(seen).toEqual([
      ['v2', [undefined, 'v0']],
      ['v1', ['v0']],
    ]);
  });

  it('has no results if nothing is wanted', async () => {
    expect(await solve([], optionsFor(new TestRunner()))).toEqual({ results: [], ran: 0 });
  });

  it.each([
    ['a chain', chain(10_000)],
    ['a wide graph', fan(10_000)],
  ])('of %s of 10,000 vertices takes no longer than it must', async (_, nodes) => {
    const target = lastOf(makeGraph(nodes));
    const runner = new TestRunner(() => Promise.resolve());
    const begun = performance.now();
    const { ran } = await solve([target], optionsFor(runner));
    // Some 200 ms on a machine that has nothing else to do.
    expect(performance.now() - begun).toBeLessThan(4000);
    expect(ran).toBe(nodes.length);
  });
});

function statusesOf(events: readonly BuildEvent[]): readonly VertexStatus[] {
  return events.flatMap((event) => (event.kind === 'vertex' ? [event.vertex] : []));
}

describe('the progress of a build', () => {
  async function eventsOf(runner: TestRunner, nodes: readonly TestVertex[]): Promise<readonly string[]> {
    const events: BuildEvent[] = [];
    let time = 0;
    const options = optionsFor(runner, { sink: (event) => events.push(event), clock: () => time++, jobs: 1 });
    await solve([lastOf(makeGraph(nodes))], options).catch(() => undefined);
    return events.map((event) => {
      if (event.kind !== 'vertex') return event.kind;
      const { name, started, completed, cached, error } = event.vertex;
      const state = completed !== undefined ? 'ended' : started !== undefined ? 'started' : 'known';
      return [name, state, cached ? 'cached' : '', error ?? ''].filter(Boolean).join(' ');
    });
  }

  it('tells of each vertex when it is known, when it starts and when it ends', async () => {
    const runner = new TestRunner((_, { log, progress }) => {
      log(1, new Uint8Array([10]));
      progress('part', 1, 1);
      return Promise.resolve();
    });
    const nodes = [{ inputs: [], isSource: true }, { inputs: [0] }];
    const expected = ['v0 known', 'v0 ended cached', 'v1 known', 'v1 started', 'log', 'status', 'v1 ended'];
    expect(await eventsOf(runner, nodes)).toEqual(expected);
    expect(await eventsOf(runner, nodes)).toEqual(['v0 known', 'v0 ended cached', 'v1 known', 'v1 ended cached']);
  });

  it('tells whether what comes from elsewhere was transferred, or had not changed', async () => {
    const runner = new TestRunner();
    let isNew = true;
    runner.fetch = () => () => Promise.resolve({ result: 'file', ran: isNew });
    expect(await eventsOf(runner, chain(1))).toEqual(['v0 known', 'v0 started', 'v0 ended']);
    isNew = false;
    expect(await eventsOf(runner, chain(1))).toEqual(['v0 known', 'v0 started', 'v0 ended cached']);
    runner.fetch = () => () => Promise.reject(new Error('no such host'));
    expect(await eventsOf(runner, chain(1))).toEqual(['v0 known', 'v0 started', 'v0 ended no such host']);
  });

  it('says what failed, and that others were stopped because of it', async () => {
    const runner = new TestRunner((name) => (name === 'v0' ? Promise.reject(new Error('broken')) : Promise.resolve()));
    const events = await eventsOf(runner, fan(2));
    expect(events).toEqual(['v0 known', 'v1 known', 'v0 started', 'v0 ended broken', 'v1 ended context canceled']);
  });
});
