import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, test } from 'vitest';
import { Command } from 'commander';
import { buildFlags } from '../commands/build-flags.ts';
import { addFlags, plainWords } from '../commands/flag-values.ts';
import type { BuildRequest } from './build-request.ts';
import { readBuildRequest, type RequestEnvironment } from './read-build-request.ts';

interface Given {
  readonly env?: RequestEnvironment['env'];
  readonly isOutTerminal?: boolean;
}

/** What the words after `kiln build` ask for. */
function request(words: readonly string[], { env = {}, isOutTerminal = false }: Given = {}): BuildRequest {
  const command = new Command('build').argument('[path]', '', '.').exitOverride();
  const flags = addFlags(command, buildFlags);
  command.parse([...plainWords(words, buildFlags)], { from: 'user' });
  return readBuildRequest(command.args[0] ?? '.', flags, { env, uid: 0, isOutTerminal });
}

const gzip = { compression: 'gzip', level: undefined, force: false, rewriteTimestamp: false };
const image = { names: [], layers: gzip, ociMediaTypes: undefined, annotations: {} };

test('A build without flags makes an image in the store', () => {
  expect(request([])).toEqual({
    context: '.',
    file: undefined,
    target: undefined,
    platforms: [],
    buildArgs: new Map(),
    labels: new Map(),
    tags: [],
    outputs: [{ kind: 'store', push: false, ...image }],
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
  expect(request(words.split(' '))).toMatchObject(expected);
});

describe('What the environment adds', () => {
  it('gives values to build arguments that have none', () => {
    const { buildArgs } = request(['--build-arg', 'A', '--build-arg', 'B=', '--build-arg', 'C'], {
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
    expect(request([], { env }).buildArgs).toEqual(new Map([['SOURCE_DATE_EPOCH', '1']]));
    expect(request(['--build-arg', 'SOURCE_DATE_EPOCH=2'], { env }).buildArgs.get('SOURCE_DATE_EPOCH')).toBe('2');
  });

  it('can be a platform, a kind of progress, a store', () => {
    const env = { DOCKER_DEFAULT_PLATFORM: 'linux/arm64', BUILDKIT_PROGRESS: 'plain', KILN_ROOT: '/k' };
    expect(request([], { env })).toMatchObject({ platforms: ['linux/arm64'], progress: 'plain', store: '/k' });
    expect(request([], { env: { XDG_DATA_HOME: '/data' } }).store).toBe('/data/kiln');
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
  expect(request(['--secret', text], { env: { SET: '1' } }).secrets).toMatchObject([{ source }]);
});

test('SSH agents are named, or that of the user', () => {
  const env = { SSH_AUTH_SOCK: '/agent' };
  expect(request(['--ssh', 'default', '--ssh', 'a=/x,/y', '--ssh', 'b='], { env }).agents).toEqual(
    new Map([
      ['default', ['/agent']],
      ['a', ['/x', '/y']],
      ['b', ['/agent']],
    ]),
  );
});

test('Limits of resources have two spellings', () => {
  expect(
    request(
      '-m 1g --memory-swap -1 -c 5 --resource cpu-quota=7 --resource cpuset-cpus=0-3 --resource memory=2g'.split(' '),
    ).resources,
  ).toEqual({ memory: 2 ** 31, memorySwap: -1, cpuShares: 5, cpuQuota: 7, cpusetCpus: '0-3' });
});

describe('Outputs', () => {
  const outputs = (words: string, given?: Given) => request(words.split(' '), given).outputs;

  it.each([
    ['-o out', { kind: 'local', destination: 'out' }],
    ['-o type=local,dest=out', { kind: 'local', destination: 'out' }],
    ['-o -', { kind: 'tar', destination: '-' }],
    ['-o type=tar,dest=x.tar', { kind: 'tar', destination: 'x.tar' }],
    ['-o type=oci,dest=x.tar', { kind: 'oci', tar: true, destination: 'x.tar', ...image }],
    ['-o type=oci', { kind: 'oci', tar: true, destination: '-', ...image }],
    ['-o type=oci,tar=false,dest=x', { kind: 'oci', tar: false, destination: 'x', ...image }],
    ['-o type=docker,dest=x.tar', { kind: 'docker', tar: true, destination: 'x.tar', ...image }],
    ['-o type=docker', { kind: 'store', push: false, ...image }],
    ['-o type=image,name=a', { kind: 'store', push: false, ...image, names: ['docker.io/library/a:latest'] }],
    ['-o type=registry,name=a', { kind: 'store', push: true, ...image, names: ['docker.io/library/a:latest'] }],
    [
      '-o type=oci,dest=x,name=a -t b',
      { kind: 'oci', tar: true, destination: 'x', ...image, names: ['docker.io/library/b:latest'] },
    ],
  ])('%s', (words, output) => {
    expect(outputs(words)).toEqual([output]);
  });

  it.each([
    [
      'compression=zstd,compression-level=3,force-compression=true',
      { compression: 'zstd', level: 3, force: true, rewriteTimestamp: false },
    ],
    [
      'compression=uncompressed,force-compression=',
      { compression: 'none', level: undefined, force: true, rewriteTimestamp: false },
    ],
    [
      'rewrite-timestamp=true,compression-level=9',
      { compression: 'gzip', level: 9, force: false, rewriteTimestamp: true },
    ],
  ])('have layers by %s', (options, layers) => {
    expect(outputs(`-o type=oci,dest=x,oci-mediatypes=true,${options}`)).toMatchObject([
      { layers, ociMediaTypes: true },
    ]);
  });

  it('are several, with those that have flags of their own', () => {
    expect(outputs('-t a -o out --load').map(({ kind }) => kind)).toEqual(['local', 'store']);
    expect(outputs('-t a -o type=docker --load').map(({ kind }) => kind)).toEqual(['store']);
    expect(outputs('-t a -o type=oci,dest=x --push')).toMatchObject([{ kind: 'oci' }, { kind: 'store', push: true }]);
    expect(outputs('-t a -o type=image --push')).toMatchObject([{ kind: 'store', push: true }]);
    expect(outputs('-o type=cacheonly')).toEqual([]);
  });

  it('have annotations of their manifests', () => {
    const words =
      '--annotation a=1 --annotation manifest,index:b=2 -o type=oci,dest=x,annotation.c=3,annotation-index.d=4';
    expect(request(words.split(' '))).toMatchObject({
      outputs: [{ annotations: { a: '1', b: '2', c: '3' } }],
      notActedOn: ['--annotation index', '--output annotation-index.d'],
    });
  });

  it('are checked against what is there', () => {
    const folder = mkdtempSync(join(tmpdir(), 'kiln-test-'));
    onTestFinished(() => {
      rmSync(folder, { recursive: true });
    });
    mkdirSync(join(folder, 'dir'));
    writeFileSync(join(folder, 'file'), '');
    expect(() => outputs(`-o ${folder}/file`)).toThrow(`destination directory ${folder}/file is a file`);
    expect(() => outputs(`-o type=tar,dest=${folder}/dir`)).toThrow(`destination file ${folder}/dir is a directory`);
  });

  it('do not go to a terminal, nor two of them to one place', () => {
    expect(() => outputs('-o -', { isOutTerminal: true })).toThrow(
      'dest file is required for tar exporter. refusing to write to console',
    );
    expect(() => outputs('-o - -o type=oci')).toThrow('multiple outputs configured to write to stdout');
  });
});

test.each([
  ['--push --squash -t a', ['--push', '--squash']],
  ['--provenance=false --sbom=0 --attest type=sbom,disabled=true --rm --force-rm --compress', []],
  ['--provenance=mode=max --sbom true --attest type=x', ['--attest', '--provenance', '--sbom']],
  ['--builder b --cache-from a --cache-to type=local,dest=x', ['--builder', '--cache-from', '--cache-to']],
  ['-m 1g --resource cpu-shares=1', ['--memory', '--resource']],
  [
    '-o type=oci,dest=x,compresion=zstd,unpack=true,push=true',
    ['--output compresion (did you mean compression?)', '--output push'],
  ],
])('%s: what changes nothing is %j', (words, names) => {
  expect(request(words.split(' ')).notActedOn).toEqual(names);
});

test.each([
  ['--tag App', 'invalid tag "App": repository name must be lowercase'],
  ['--tag a b --tag :x', 'invalid tag ":x": invalid reference format'],
  [
    '--platform linux/amd64,frob',
    'invalid platform frob: "frob": unknown operating system or architecture: invalid argument',
  ],
  ['--build-arg =x', 'invalid key-value pair "=x": empty key'],
  ['--label =x', 'invalid key-value pair "=x": empty key'],
  ['--build-context x', 'invalid context value: x, expected key=value'],
  [
    '--build-context X=y',
    'invalid context name X: invalid reference format: repository name (library/X) must be lowercase',
  ],
  ['--secret x', "invalid field 'x' must be a key=value pair"],
  ['--secret id=a,scr=b', "unexpected key 'scr' in 'scr=b'"],
  ['--secret src=b', 'secret missing ID'],
  ['--secret type=x,id=a', 'unsupported secret type "x"'],
  [
    '--secret "a',
    'failed to parse csv secret: parse error on line 1, column 2: extraneous or missing " in quoted-field',
  ],
  ['--ssh default', 'invalid empty ssh agent socket: make sure SSH_AUTH_SOCK is set'],
  ['--ssh a=x --ssh a=y', 'duplicate agent ID "a"'],
  ['--add-host a', 'invalid host a'],
  ['--add-host a:1.2.3', 'invalid host a:1.2.3'],
  ['--add-host =1.2.3.4', 'invalid host =1.2.3.4'],
  ['--ulimit x', 'invalid argument "x" for "--ulimit" flag: invalid ulimit argument: x'],
  [
    '--ulimit nofle=1',
    'invalid argument "nofle=1" for "--ulimit" flag: invalid ulimit type: nofle (did you mean nofile?)',
  ],
  [
    '--ulimit cpu=1:2:3',
    'invalid argument "cpu=1:2:3" for "--ulimit" flag: too many limit value arguments - 1:2:3, can only have up to two, `soft[:hard]`',
  ],
  [
    '--ulimit cpu=2:1',
    'invalid argument "cpu=2:1" for "--ulimit" flag: ulimit soft limit must be less than or equal to hard limit: 2 > 1',
  ],
  [
    '--ulimit cpu=-1:1',
    'invalid argument "cpu=-1:1" for "--ulimit" flag: ulimit soft limit must be less than or equal to hard limit: soft: -1 (unlimited), hard: 1',
  ],
  ['--ulimit cpu=x', 'invalid argument "cpu=x" for "--ulimit" flag: strconv.ParseInt: parsing "x": invalid syntax'],
  ['--shm-size x', 'invalid argument "x" for "--shm-size" flag: invalid size: \'x\''],
  ['--resource x=1', 'unknown resource "x"'],
  ['--resource memry=1', 'unknown resource "memry" (did you mean memory?)'],
  ['-m x', 'invalid value "x" for resource memory: invalid size: \'x\''],
  ['--allow network.hots', 'unknown entitlement network.hots (did you mean network.host?)'],
  ['--network bridge', 'network mode "bridge" not supported'],
  ['--no-cache --no-cache-filter a', '--no-cache and --no-cache-filter cannot currently be used together'],
  ['--jobs 0', 'invalid argument "0" for "--jobs" flag'],
  ['--progress=plain -q', 'progress=plain and quiet cannot be used together'],
  ['--attest disabled=true', 'attestation type not specified'],
  ['--cache-to dest=x', 'type required for "dest=x"'],
  ['--annotation x', 'parse annotations: invalid annotation "x", expected key=value'],
  ['--annotation manifst:a=b', 'parse annotations: unknown annotation type "manifst"'],
  ['--push', 'tag is needed when pushing to registry'],
  ['--iidfile x -o out', 'local and tar exporters are incompatible with image ID file'],
  ['-o dest=x,type=', 'type is required for output'],
  ['-o type=oci,x', 'invalid value x'],
  ['-o type=local', 'dest is required for local exporter'],
  ['-o type=local,dest=-', 'dest cannot be stdout for local exporter'],
  ['-o type=oci,tar=false', 'dest is required for oci exporter'],
  ['-o type=ocj', 'exporter "ocj" could not be found (did you mean oci?)'],
  ['-o type=oci,compression=zst', 'unsupported compression type zst (did you mean zstd?)'],
  [
    '-o type=oci,compression-level=x',
    'non-integer value x specified for compression-level: strconv.ParseInt: parsing "x": invalid syntax',
  ],
  ['-o type=oci,compression-level=10', 'invalid compression level 10 for gzip'],
  [
    '-o type=oci,force-compression=x',
    'non-bool value x specified for force-compression: strconv.ParseBool: parsing "x": invalid syntax',
  ],
  [
    '-o type=oci,oci-mediatypes=x',
    'non-bool value specified for oci-mediatypes: strconv.ParseBool: parsing "x": invalid syntax',
  ],
  [
    '-o type=oci,compression=zstd,oci-mediatypes=false',
    'exporter option "compression=zstd" conflicts with "oci-mediatypes=false"',
  ],
])('%s is refused', (words, message) => {
  expect(() => request(words.split(' '))).toThrow(expect.objectContaining({ name: 'KilnError', message }));
});
