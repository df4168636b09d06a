import { describe, expect, it, test } from 'vitest';
import type { BuildRequest } from './build-request.ts';
import { requested } from './requested.ts';

test('A build without flags makes an image in the store', () => {
  expect(requested([])).toEqual({
    context: '.',
    file: undefined,
    target: undefined,
    platforms: [],
    buildArgs: new Map(),
    labels: new Map(),
    tags: [],
    outputs: [expect.objectContaining({ kind: 'store', names: [], push: false })],
    notActedOn: [],
    namedContexts: new Map(),
    secrets: [],
    agents: new Map(),
    noCache: false,
    pull: false,
    network: 'default',
    extraHosts: [],
    ulimits: [],
    shmSize: 0,
    cgroupParent: '',
    resources: {},
    entitlements: new Set(),
    imageIdFile: undefined,
    metadataFile: undefined,
    progress: 'auto',
    debug: false,
    jobs: undefined,
    keepGoing: false,
    runtime: undefined,
    store: '/var/lib/kiln',
  });
});

test.each<[string, string, Partial<BuildRequest>]>([
  ['a target, a file, a context', '-f x --target t dir', { file: 'x', target: 't', context: 'dir' }],
  ['full names', '-t app -t reg:5000/a/b:1', { tags: ['docker.io/library/app:latest', 'reg:5000/a/b:1'] }],
  ['platforms', '--platform linux/amd64,arm64 --platform local', { platforms: ['linux/amd64', 'arm64', 'local'] }],
  [
    'labels',
    '--label a=b=c --label d',
    {
      labels: new Map([
        ['a', 'b=c'],
        ['d', ''],
      ]),
    },
  ],
  ['contexts', '--build-context docker.io/library/x:latest=y', { namedContexts: new Map([['x', 'y']]) }],
  [
    'hosts',
    '--add-host a:1.2.3.4,b=[::1] --add-host c:host-gateway',
    {
      extraHosts: [
        { host: 'a', ip: '1.2.3.4' },
        { host: 'b', ip: '::1' },
        { host: 'c', ip: 'host-gateway' },
      ],
    },
  ],
  [
    'limits',
    '--ulimit nproc=5 --ulimit nofile=1:-1 --ulimit nproc=7',
    {
      ulimits: [
        { name: 'nofile', soft: 1, hard: -1 },
        { name: 'nproc', soft: 7, hard: 7 },
      ],
    },
  ],
  ['a size of /dev/shm', '--shm-size 64m', { shmSize: 64 * 2 ** 20 }],
  ['a cgroup', '--cgroup-parent /x', { cgroupParent: '/x' }],
  [
    'entitlements',
    '--allow network.host,security.insecure --allow device=a,alias=b',
    {
      entitlements: new Set(['network.host', 'security.insecure', 'device=a,alias=b']),
    },
  ],
  ['the network of the host', '--network host', { network: 'host', entitlements: new Set(['network.host']) }],
  ['stages without cache', '--no-cache-filter a,b --no-cache-filter c', { noCache: ['a', 'b', 'c'] }],
  ['no cache', '--no-cache', { noCache: true }],
  ['files', '--iidfile i --metadata-file m', { imageIdFile: 'i', metadataFile: 'm' }],
  [
    'switches with values',
    '--pull=false --pull=true --keep-going=1 --debug --debug=false',
    { pull: true, keepGoing: true, debug: false },
  ],
  ['short flags with =', '-f=x -D', { file: 'x', debug: true }],
  ['jobs and a runtime', '--jobs 3 --runtime crun', { jobs: 3, runtime: 'crun' }],
  ['quiet', '-q', { progress: 'quiet' }],
  ['another store', '--root /a/../b', { store: '/b' }],
])('%s are read from: %s', (_, words, expected) => {
  expect(requested(words.split(' '))).toMatchObject(expected);
});

describe('What the environment adds', () => {
  it('gives values to build arguments that have none', () => {
    const { buildArgs } = requested(['--build-arg', 'A', '--build-arg', 'B=', '--build-arg', 'C'], {
      env: { A: 'x', B: 'y' },
    });
    expect(buildArgs).toEqual(
      new Map([
        ['A', 'x'],
        ['B', ''],
      ]),
    );
  });

  it('can be a SOURCE_DATE_EPOCH, which a flag overrides', () => {
    const env = { SOURCE_DATE_EPOCH: '1' };
    expect(requested([], { env }).buildArgs).toEqual(new Map([['SOURCE_DATE_EPOCH', '1']]));
    expect(requested(['--build-arg', 'SOURCE_DATE_EPOCH=2'], { env }).buildArgs.get('SOURCE_DATE_EPOCH')).toBe('2');
  });

  it('can be a platform, a kind of progress, a store', () => {
    const env = { DOCKER_DEFAULT_PLATFORM: 'linux/arm64', BUILDKIT_PROGRESS: 'plain', KILN_ROOT: '/k' };
    expect(requested([], { env })).toMatchObject({ platforms: ['linux/arm64'], progress: 'plain', store: '/k' });
    expect(requested([], { env: { XDG_DATA_HOME: '/data' } }).store).toBe('/data/kiln');
  });
});

test.each([
  ['id=a,src=/x', { kind: 'file', path: '/x' }],
  ['ID=a,source=x', { kind: 'file', path: 'x' }],
  ['id=a,env=E', { kind: 'env', name: 'E' }],
  ['type=env,id=a,src=E', { kind: 'env', name: 'E' }],
  ['type=file,id=a,src=E', { kind: 'file', path: 'E' }],
  ['id=a', { kind: 'file', path: 'a' }],
  ['id=SET', { kind: 'env', name: 'SET' }],
  ['"id=a","src=x,y"', { kind: 'file', path: 'x,y' }],
])('The secret %s is %j', (text, source) => {
  expect(requested(['--secret', text], { env: { SET: '1' } }).secrets).toMatchObject([{ source }]);
});

test('SSH agents are named, or that of the user', () => {
  const env = { SSH_AUTH_SOCK: '/agent' };
  expect(requested(['--ssh', 'default', '--ssh', 'a=/x,/y', '--ssh', 'b='], { env }).agents).toEqual(
    new Map([
      ['default', ['/agent']],
      ['a', ['/x', '/y']],
      ['b', ['/agent']],
    ]),
  );
});

test.each(['git@host.test:o/repo.git', 'ssh://git@host.test/repo'])(
  'The context %s gets the agent of the user',
  (context) => {
    const env = { SSH_AUTH_SOCK: '/agent' };
    expect(requested([context], { env }).agents).toEqual(new Map([['default', ['/agent']]]));
    expect(requested(['--ssh', 'a=/x', context], { env }).agents).toEqual(new Map([['a', ['/x']]]));
  },
);

test('Limits of resources have two spellings', () => {
  expect(
    requested(
      '-m 1g --memory-swap -1 -c 5 --resource cpu-quota=7 --resource cpuset-cpus=0-3 --resource memory=2g'.split(' '),
    ).resources,
  ).toEqual({ memory: 2 ** 31, memorySwap: -1, cpuShares: 5, cpuQuota: 7, cpusetCpus: '0-3' });
  expect(requested('--cpus 1.5 --pids-limit 20 -m 1g -m 0'.split(' ')).resources).toEqual({
    ...{ cpuPeriod: 100_000, cpuQuota: 150_000, pidsLimit: 20 },
  });
});

test.each([
  ['--push --squash -t a', ['--push', '--squash']],
  ['--provenance=false --sbom=0 --attest type=sbom,disabled=true --rm --force-rm --compress', []],
  ['--provenance=mode=max --sbom true --attest type=x', ['--attest', '--provenance', '--sbom']],
  ['--builder b --cache-from a --cache-to type=local,dest=x', ['--builder', '--cache-from', '--cache-to']],
  ['-m 1g --resource cpu-shares=1', []],
  [
    '-o type=oci,dest=x,compresion=zstd,unpack=true,push=true',
    ['--output compresion (did you mean compression?)', '--output push'],
  ],
])('%s: what changes nothing is %j', (words, names) => {
  expect(requested(words.split(' ')).notActedOn).toEqual(names);
});
