/**
 * The rooms of the house (docs/architecture.md) and what each may import. Type imports count.
 * An import of a room that is not in its row is a build failure.
 */
const rooms = {
  spec: [],
  diagnostic: ['spec'],
  progress: ['spec', 'diagnostic'],
  system: ['spec', 'diagnostic'],
  content: ['spec', 'diagnostic', 'system'],
  dockerfile: ['spec', 'diagnostic'],
  graph: ['spec', 'diagnostic'],
  plan: ['spec', 'diagnostic', 'dockerfile', 'graph'],
  cache: ['spec', 'diagnostic', 'graph', 'content'],
  snapshot: ['spec', 'diagnostic', 'system', 'content', 'layer'],
  layer: ['spec', 'diagnostic', 'system', 'content'],
  sandbox: ['spec', 'diagnostic', 'system', 'progress'],
  registry: ['spec', 'diagnostic', 'content'],
  files: ['spec', 'diagnostic', 'system', 'graph', 'dockerfile/ignore', 'dockerfile/glob', 'dockerfile/values'],
  source: ['spec', 'diagnostic', 'system', 'content', 'graph', 'registry', 'files'],
  solver: ['spec', 'diagnostic', 'progress', 'graph', 'cache'],
  ops: [
    ...['spec', 'diagnostic', 'progress', 'system', 'content', 'graph', 'cache', 'snapshot', 'layer', 'sandbox'],
    ...['registry', 'files', 'source', 'solver'],
  ],
  export: ['spec', 'diagnostic', 'system', 'content', 'layer', 'snapshot', 'registry'],
  engine: [
    ...['spec', 'diagnostic', 'progress', 'system', 'content', 'dockerfile', 'graph', 'plan', 'cache', 'snapshot'],
    ...['layer', 'sandbox', 'registry', 'files', 'source', 'solver', 'ops', 'export'],
  ],
  cli: ['spec', 'diagnostic', 'progress', 'dockerfile/values', 'engine'],
};

const layering = Object.entries(rooms).map(([room, allowed]) => ({
  name: `room-${room}`,
  comment: `${room}/ may import only: ${[room, ...allowed].join(', ')}`,
  severity: 'error',
  from: { path: `^src/${room}/` },
  to: { path: '^src/', pathNot: `^src/(${[room, ...allowed].join('|')})/` },
}));

/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    ...layering,
    {
      name: 'known-rooms',
      comment: 'Every file belongs to a room that is listed in .dependency-cruiser.cjs',
      severity: 'error',
      from: { path: '^src/', pathNot: `^src/(${Object.keys(rooms).join('|')})/` },
      to: {},
    },
    { name: 'no-circular', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'engine-door',
      comment: 'cli/ sees the engine through its public API only',
      severity: 'error',
      from: { path: '^src/cli/' },
      to: {
        path: '^src/engine/',
        pathNot:
          '^src/engine/(index|build/(become-root|build|load|preview|remote-dockerfile)|store/(check|du|images|prune))\\.ts$',
      },
    },
    {
      name: 'no-io-in-the-language',
      comment: 'spec/, diagnostic/ and dockerfile/ are pure: no file system, no process, no network',
      severity: 'error',
      from: { path: '^src/(spec|diagnostic|dockerfile)/', pathNot: '\\.test\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'declared-packages',
      severity: 'error',
      from: { path: '^src/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'unknown', 'undetermined'] },
    },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      extensions: ['.ts', '.js', '.json'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
