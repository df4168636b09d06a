import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Source } from '../diagnostic/source.ts';
import type { ExecOp } from './exec-op.ts';
import type { FileOp } from './file-op.ts';
import type { Op } from './op.ts';
import { canonicalJson, inputsFirst, VertexFactory, type Vertex, type VertexOptions } from './vertex.ts';

const options: VertexOptions = { name: 'step', ignoreCache: false, span: undefined, hiddenEnv: [] };

function make(op: Op, inputs: readonly Vertex[] = []): Vertex {
  return new VertexFactory().make(op, inputs, options);
}

const exec: ExecOp = {
  kind: 'exec',
  args: ['/bin/sh', '-c', 'make'],
  env: ['PATH=/bin'],
  cwd: '/',
  user: '',
  network: 'default',
  security: 'sandbox',
  mounts: [
    { kind: 'bind', target: '/b', input: 1, selector: '/', readOnly: true },
    {
      ...{ kind: 'cache', target: '/c', id: 'c', sharing: 'shared', readOnly: false, mode: undefined, uid: 0, gid: 0 },
      ...{ input: undefined, selector: '/' },
    },
    { kind: 'tmpfs', target: '/t', size: 0 },
    { kind: 'secret', id: 's', target: '/s', env: undefined, required: false, mode: 0o400, uid: 0, gid: 0 },
    { kind: 'ssh', id: 'default', target: '/a', required: false, mode: 0o600, uid: 0, gid: 0 },
    { kind: 'inline', target: '/i', content: '#!/bin/sh', mode: 0o755 },
  ],
  hostname: '',
  extraHosts: [{ host: 'a', ip: '::1' }],
  ulimits: [{ name: 'nofile', soft: 1, hard: 2 }],
  shmSize: 0,
  cgroupParent: '',
  devices: [],
};

const file: FileOp = {
  kind: 'file',
  actions: [
    {
      ...{ kind: 'copy', input: 1, source: '/a', destination: '/b', mode: '', owner: { text: '1:2', input: 0 } },
      ...{ parents: false, excludes: ['x'], unpack: 'never', wildcards: true, replace: false, timestamp: 0 },
    },
    { kind: 'makeFile', destination: '/f', name: 'f', content: '', mode: '', owner: undefined, timestamp: undefined },
    { kind: 'makeDirectory', path: '/d', mode: 0o755, owner: undefined, timestamp: undefined },
  ],
};

const ops: readonly Op[] = [
  exec,
  file,
  { kind: 'image', reference: 'docker.io/library/a:latest', manifest: 'sha256:a', chain: 'sha256:b' },
  { kind: 'local', name: 'context', excludes: ['node_modules'] },
  { kind: 'http', url: 'https://example.com/', checksum: '' },
  {
    ...{ kind: 'git', remote: 'https://example.com/', ref: '', subdir: '', keepGitDir: false, checksum: '' },
    ...{ mtime: 'checkout', fetchByCommit: false },
    skipSubmodules: false,
  },
];

/** Every way to change one value somewhere in an operation, with the path of what was changed. */
function changes(value: unknown, path = ''): readonly (readonly [path: string, changed: unknown])[] {
  if (Array.isArray(value)) {
    const inside = value.flatMap((part, index) =>
      changes(part, `${path}[${index}]`).map(([at, changed]) => [at, value.with(index, changed)] as const),
    );
    return [...inside, [`${path}[]`, [...(value as unknown[]), 'another']]];
  }
  if (value !== null && typeof value === 'object') {
    return Object.entries(value).flatMap(([name, part]) =>
      changes(part, `${path}.${name}`).map(([at, changed]) => [at, { ...value, [name]: changed }] as const),
    );
  }
  const other: Readonly<Record<string, unknown>> = { string: `${String(value)}x`, number: 7, boolean: value !== true };
  return [[path, other[typeof value] ?? 'now set']];
}

describe('the digest of a vertex', () => {
  it.each(ops.flatMap((op) => changes(op).map(([path, changed]) => [`${op.kind}${path}`, op, changed as Op] as const)))(
    'changes with %s',
    (_, op, changed) => {
      expect(make(changed).digest).not.toBe(make(op).digest);
    },
  );

  it('changes with the inputs, and with their order', () => {
    const [a, b] = [make({ kind: 'http', url: 'a', checksum: '' }), make({ kind: 'http', url: 'b', checksum: '' })];
    const digests = [[], [a], [b], [a, b], [b, a], [a, a]].map((inputs) => make(exec, inputs).digest);
    expect(new Set(digests).size).toBe(digests.length);
  });

  it('changes with no option', () => {
    const span = { source: new Source('Dockerfile', 'RUN make'), start: 0, end: 8 };
    const others: readonly VertexOptions[] = [
      { ...options, name: 'another' },
      { ...options, stage: 'build' },
      { ...options, ignoreCache: true },
      { ...options, span },
      { ...options, hiddenEnv: ['HTTP_PROXY=http://proxy'] },
    ];
    for (const other of others) {
      expect(new VertexFactory().make(exec, [], other).digest).toBe(make(exec).digest);
    }
  });

  it('does not depend on the order in which an operation was put together', () => {
    const reversed = Object.fromEntries(Object.entries(exec).reverse()) as unknown as ExecOp;
    expect(make(reversed).digest).toBe(make(exec).digest);
  });

  it('is a sha256', () => {
    expect(make({ kind: 'scratch' }).digest).toMatch(/^sha256:[0-9a-f]{64}$/);
  });
});

describe('the factory of vertices', () => {
  it('makes equal vertices once', () => {
    const factory = new VertexFactory();
    const [a, b] = [factory.make({ kind: 'scratch' }, [], options), factory.make({ kind: 'scratch' }, [], options)];
    expect(b).toBe(a);
    expect(factory.make(exec, [b], options)).toBe(factory.make({ ...exec }, [a], { ...options, name: 'another' }));
    expect(factory.make(exec, [], options)).not.toBe(factory.make(exec, [a], options));
  });

  it('makes another one that ignores the cache if the first does not', () => {
    const factory = new VertexFactory();
    const cached = factory.make(exec, [], options);
    const fresh = factory.make(exec, [], { ...options, ignoreCache: true });
    expect(fresh).not.toBe(cached);
    expect(factory.make(exec, [], options)).toBe(fresh);
  });
});

describe('canonical JSON', () => {
  it('is JSON of the same value, and equal for equal values', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        const same: unknown = JSON.parse(JSON.stringify(value));
        expect(JSON.parse(text)).toEqual(same);
        expect(canonicalJson(reversed(value))).toBe(text);
      }),
    );
  });

  it('sorts keys and leaves out what is not set', () => {
    expect(canonicalJson({ b: [{ d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[{"d":1}]}');
  });
});

/** With the members of objects in the opposite order. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, part]) => [name, reversed(part)]),
  );
}

describe('inputs first', () => {
  const source = (url: string): Op => ({ kind: 'http', url, checksum: '' });

  it('gives each vertex once, after its inputs', () => {
    const graph = fc.array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(graph, fc.array(fc.nat(), { minLength: 1, maxLength: 4 }), (nodes, picks) => {
        const factory = new VertexFactory();
        const made: Vertex[] = [];
        for (const [index, needed] of nodes.entries()) {
          const inputs = needed.flatMap((input) => made[input % Math.max(index, 1)] ?? []);
          made.push(factory.make(source(`${index}`), inputs, options));
        }
        const targets = picks.flatMap((pick) => made[pick % made.length] ?? []);
        const order = inputsFirst(targets);
        expect(new Set(order).size).toBe(order.length);
        for (const [index, { inputs }] of order.entries()) {
          for (const input of inputs) expect(order.slice(0, index)).toContain(input);
        }
        expect(order).toEqual(expect.arrayContaining(targets));
        for (const vertex of order) {
          expect(targets.includes(vertex) || order.some(({ inputs }) => inputs.includes(vertex))).toBe(true);
        }
      }),
    );
  });

  it('takes equal vertices of different plans for one, which ignores the cache if any does', () => {
    const plan = (ignoreCache: boolean): Vertex =>
      new VertexFactory().make(exec, [make(source('a'))], { ...options, ignoreCache });
    const [cached, fresh] = [plan(false), plan(true)];
    expect(inputsFirst([cached, fresh, cached])).toEqual([cached.inputs[0], fresh]);
    expect(inputsFirst([fresh, cached])).toEqual([fresh.inputs[0], fresh]);
  });

  it('takes a target that another target needs only once, in its place', () => {
    const factory = new VertexFactory();
    const a = factory.make(source('a'), [], options);
    const b = factory.make(source('b'), [a], options);
    expect(inputsFirst([b, a])).toEqual([a, b]);
    expect(inputsFirst([a, b])).toEqual([a, b]);
  });

  it('does not recurse', () => {
    const factory = new VertexFactory();
    let last = factory.make({ kind: 'scratch' }, [], options);
    for (let index = 0; index < 50_000; index++) last = factory.make(source(`${index}`), [last], options);
    expect(inputsFirst([last])).toHaveLength(50_001);
  });
});
