import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { mustEnd } from './command-case.ts';
import { type HostileCase, must } from './hostile-case.ts';
import { describe, makeImage, sha256, types, writeBlobs, writeIndex } from './image-layout.ts';
import { base256, file, hardLink, pax, rawHeader, symlink, tarOf } from './raw-tar.ts';
import type { KilnRun, Rig } from './rig.ts';

const tar = tarOf(file('a'));
const image = makeImage([{ tar }]);
const blobName = (content: Uint8Array | string): string => `blobs/sha256/${sha256(content).slice('sha256:'.length)}`;
const binary = (content: Uint8Array | string): Buffer => {
  const bytes = Buffer.from(content);
  return Buffer.concat([
    rawHeader({ name: blobName(content), size: bytes.length }),
    bytes,
    Buffer.alloc(-bytes.length & 511),
  ]);
};
const index = (...manifests: readonly object[]): string =>
  JSON.stringify({ schemaVersion: 2, mediaType: types.index, manifests });
const manifest = describe(image.manifest, types.manifest);
const parts = [image.manifest, image.config, ...image.layers].map(binary);
const named = { 'io.containerd.image.name': 'docker.io/library/x:1' };

function nested(depth: number, wide: number): Buffer {
  const lists = [image.manifest];
  for (let level = 0; level < depth; level++) {
    const one = describe(lists.at(-1) ?? '', level === 0 ? types.manifest : types.index);
    lists.push(index(...Array.from({ length: wide }, () => one)));
  }
  return tarOf(...parts, ...lists.map(binary), file('index.json', index(describe(lists.at(-1) ?? '', types.index))));
}

const docker = (images: unknown, ...more: readonly Uint8Array[]): Buffer =>
  tarOf(
    file('manifest.json', JSON.stringify(images)),
    file('config.json', image.config),
    file('layer.tar', tar.toString('latin1')),
    ...more,
  );

interface LoadCase {
  readonly name: string;
  readonly archive: (rig: Rig) => Uint8Array;
  readonly expected: RegExp | 'right';
  readonly run?: KilnRun;
}

const table: readonly LoadCase[] = [
  {
    name: 'what is right',
    archive: () => tarOf(...parts, file('index.json', index({ ...manifest, annotations: named }))),
    expected: 'right',
  },
  { name: 'nothing', archive: () => Buffer.alloc(0), expected: /neither an OCI layout nor an archive of docker save/ },
  { name: 'zeros', archive: () => Buffer.alloc(10_240), expected: /neither an OCI layout nor/ },
  { name: 'no tar', archive: () => Buffer.alloc(10_240, 'x'), expected: /invalid tar header/ },
  { name: 'gzip of gzip', archive: () => gzipSync(gzipSync(tar)), expected: /invalid tar header|unexpected end/ },
  {
    name: 'a blob that has another digest',
    archive: () => tarOf(...parts, file(blobName('x'), 'y'), file('index.json', index(manifest))),
    expected: /does not have digest/,
  },
  {
    name: 'a blob of another algorithm',
    archive: () => tarOf(file(`blobs/md5/${'0'.repeat(64)}`, 'y')),
    expected: /digest/,
  },
  {
    name: 'a blob that is missing',
    archive: () => tarOf(...parts.slice(0, 2), file('index.json', index(manifest))),
    expected: /is missing/,
  },
  {
    name: 'a manifest with another size',
    archive: () => tarOf(...parts, file('index.json', index({ ...manifest, size: 5 }))),
    expected: /has \d+ bytes, not 5/,
  },
  {
    name: 'an index that is no JSON',
    archive: () => tarOf(file('index.json', '{{{')),
    expected: /invalid index.json: invalid JSON/,
  },
  {
    name: 'an index of 100000 brackets',
    archive: () => tarOf(file('index.json', '['.repeat(100_000))),
    expected: /invalid JSON/,
  },
  {
    name: 'an index that is a link upwards',
    archive: ({ canary }) => tarOf(symlink('index.json', `../../../../../../../../..${canary.path}/file`)),
    expected: /neither an OCI layout nor/,
  },
  {
    name: 'a manifest that is a link in a circle',
    archive: () => tarOf(symlink('a', 'b'), symlink('b', 'a'), symlink('index.json', 'a')),
    expected: /link that leads nowhere/,
  },
  {
    name: 'a blob that is a hard link',
    archive: ({ canary }) =>
      tarOf(...parts.slice(0, 2), hardLink(blobName(tar), `${canary.path}/file`), file('index.json', index(manifest))),
    expected: /is missing/,
  },
  {
    name: 'names that lead out',
    archive: ({ canary }) =>
      tarOf(
        ...parts,
        file(`../../../..${canary.path}/file`),
        file(`${canary.path}/file`),
        file('index.json', index({ ...manifest, annotations: named })),
      ),
    expected: 'right',
  },
  {
    name: 'an image name that leads out',
    archive: () =>
      tarOf(
        ...parts,
        file('index.json', index({ ...manifest, annotations: { 'io.containerd.image.name': '../../../x:1' } })),
      ),
    expected: 'right',
  },
  { name: 'indexes nested 20 deep', archive: () => nested(20, 1), expected: /nested too deeply/ },
  { name: 'indexes nested 6 deep, each a thousand times', archive: () => nested(6, 1000), expected: 'right' },
  {
    name: 'an index that names one image twenty thousand times',
    archive: () =>
      tarOf(
        ...parts,
        file('index.json', index(...Array.from({ length: 20_000 }, () => ({ ...manifest, annotations: named })))),
      ),
    expected: 'right',
  },
  {
    name: 'an image of Docker without layers',
    archive: () => docker([{ Config: 'config.json', RepoTags: ['x:1'], Layers: [] }]),
    expected: /has 0 layers, its configuration 1/,
  },
  {
    name: 'an image of Docker with a layer upwards',
    archive: ({ canary }) =>
      docker([{ Config: 'config.json', RepoTags: ['x:1'], Layers: [`../../../../..${canary.path}/file`] }]),
    expected: /is missing/,
  },
  {
    name: 'an image of Docker with another layer',
    archive: () => docker([{ Config: 'config.json', RepoTags: null, Layers: ['config.json'] }]),
    expected: /is not sha256/,
  },
  {
    name: 'an image of Docker with a configuration upwards',
    archive: ({ canary }) => docker([{ Config: `../../../../..${canary.path}/file`, RepoTags: [], Layers: [] }]),
    expected: /is missing/,
  },
  {
    name: 'images of Docker that are none',
    archive: () => docker([null, 5, 'x', {}]),
    expected: /an image is no object/,
  },
  {
    name: 'names of Docker that are none',
    archive: () => docker([{ Config: 'config.json', RepoTags: [5], Layers: ['layer.tar'] }]),
    expected: /RepoTags has what is not a string/,
  },
  {
    name: 'more than is allowed',
    archive: () => tarOf(file('a', 'x'.repeat(2_000_000))),
    run: { env: { KILN_UNPACK_BYTES: '1m' } },
    expected: /more than 1048576 bytes[^]*KILN_UNPACK_BYTES/,
  },
  {
    name: 'more files than are allowed',
    archive: () => tarOf(...Array.from({ length: 20 }, (_, at) => file(`f${at}`))),
    run: { env: { KILN_UNPACK_ENTRIES: '10' } },
    expected: /more than 10 files[^]*KILN_UNPACK_ENTRIES/,
  },
  {
    name: 'a file of five pebibytes',
    archive: () => tarOf(file('a', 'x', { size: base256(5n << 50n) })),
    expected: /more than 274877906944 bytes/,
  },
  {
    name: 'a sparse file of a terabyte',
    archive: () => tarOf(pax({ 'GNU.sparse.size': '1099511627776', 'GNU.sparse.map': '0,1' }), file('a')),
    expected: /more than 274877906944 bytes/,
  },
  {
    name: 'ten thousand files',
    archive: () => tarOf(...Array.from({ length: 10_000 }, (_, at) => file(`f${at}`, String(at)))),
    expected: /neither an OCI layout nor/,
  },
  {
    name: 'one file ten thousand times',
    archive: () => tarOf(...Array.from({ length: 10_000 }, (_, at) => file('index.json', String(at)))),
    expected: /not a JSON object/,
  },
];

/** Archives and layouts that images are loaded from. */
export const loadCases: readonly HostileCase[] = [
  ...table.map(({ name, archive, expected, run = {} }) => ({
    name: `an archive to load with ${name}`,
    run: async (rig: Rig) => {
      const outcome = await rig.kiln(['load'], { stdin: archive(rig), ...run });
      mustEnd(outcome, expected);
      const { out } = await rig.kiln(['images']);
      must(expected === 'right' || out.split('\n').length <= 2, () => `an image was loaded\n${out}`);
    },
  })),
  layoutCase('with an index that is a fifo', /index.json is not a file/, (_, folder) => {
    mkdirSync(folder);
    execFileSync('mkfifo', [`${folder}/index.json`]);
  }),
  layoutCase('with an index that is a directory', /index.json is not a file/, (_, folder) => {
    mkdirSync(`${folder}/index.json`, { recursive: true });
  }),
  layoutCase('with an index that is endless', /index.json is not a file/, (_, folder) => {
    mkdirSync(folder);
    symlinkSync('/dev/zero', `${folder}/index.json`);
  }),
  layoutCase('with a blob that is another', /does not have digest|sha256/, (_, folder) => {
    writeBlobs(folder, [image.manifest, image.config, tar]);
    writeFileSync(`${folder}/${blobName(tar)}`, Buffer.alloc(tar.length, 'x'));
    writeIndex(folder, index(manifest));
  }),
  layoutCase('with a blob that is a directory', /is not a file/, (_, folder) => {
    writeBlobs(folder, [image.manifest, image.config]);
    mkdirSync(`${folder}/${blobName(tar)}`);
    writeIndex(folder, index(manifest));
  }),
  layoutCase('with a blob that is endless', /is not a file/, (_, folder) => {
    writeBlobs(folder, [image.manifest, image.config]);
    symlinkSync('/dev/zero', `${folder}/${blobName(tar)}`);
    writeIndex(folder, index(manifest));
  }),
  layoutCase('with a manifest that is a fifo', /is not a file/, (_, folder) => {
    writeBlobs(folder, [image.config, tar]);
    execFileSync('mkfifo', [`${folder}/${blobName(image.manifest)}`]);
    writeIndex(folder, index(manifest));
  }),
];

function layoutCase(name: string, expected: RegExp, make: (rig: Rig, folder: string) => void): HostileCase {
  return {
    name: `a layout ${name}`,
    run: async (rig) => {
      make(rig, rig.path('layout'));
      mustEnd(await rig.kiln(['load', '-i', rig.path('layout')], { limit: 30_000 }), expected);
    },
  };
}
