import { readdirSync, readFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { descriptorToJson } from '../spec/descriptor.ts';
import type { Descriptor } from '../spec/descriptor.ts';
import { formatManifest } from '../spec/manifest.ts';
import { mediaTypes } from '../spec/media-type.ts';
import { parseReference } from '../spec/reference.ts';
import { digestBytes } from './hash.ts';
import { loadArchive } from './load-archive.ts';
import { importLayoutImage, loadLayoutDirectory } from './load-layout.ts';
import { nameAnnotations } from './name-annotations.ts';
import { resolveLocalImage } from './resolve-image.ts';
import { blobName, describe as descriptorOf, streamOf, tarOf, testImage, TestStore } from './testing.ts';
import type { Files } from './testing.ts';

const amd64 = { os: 'linux', architecture: 'amd64' };
const arm64 = { os: 'linux', architecture: 'arm64' };
const image = testImage({ 'etc/motd': 'hello' });
const name = 'docker.io/library/app:latest';

function indexOf(...manifests: readonly Descriptor[]): string {
  return JSON.stringify({ schemaVersion: 2, manifests: manifests.map(descriptorToJson) });
}

function layout(files: Files, ...manifests: readonly Descriptor[]): Files {
  return { ...files, 'index.json': indexOf(...manifests), 'oci-layout': '{"imageLayoutVersion":"1.0.0"}' };
}

const named = { ...image.target, annotations: nameAnnotations(name) };
const load = (test: TestStore, files: Files) => loadArchive(test.store, streamOf(tarOf(files)));

function writeLayout(folder: string, files: Files): void {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(join(folder, dirname(path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
}

describe('loadArchive', () => {
  it.each([
    ['as it is', (bytes: Buffer) => bytes],
    ['compressed with gzip', (bytes: Buffer) => gzipSync(bytes)],
    ['compressed with zstd', (bytes: Buffer) => zstdCompressSync(bytes)],
    [
      'compressed with zstd in several frames',
      (bytes: Buffer) =>
        Buffer.concat([
          zstdCompressSync(bytes.subarray(0, 700)),
          Buffer.from('502a4d1803000000616263', 'hex'),
          zstdCompressSync(bytes.subarray(700)),
        ]),
    ],
  ])('loads an OCI layout %s', async (_, compress) => {
    using test = new TestStore();
    const bytes = compress(tarOf(layout(image.files, named)));
    const { digest } = image.target;
    expect(await loadArchive(test.store, streamOf(bytes))).toEqual([{ name, digest, platforms: [amd64] }]);
    const found = resolveLocalImage(test.store, parseReference('app'), amd64);
    expect(found).toMatchObject({ platform: amd64, layers: [{ diffId: digestBytes(image.layer) }] });
    expect(found?.config.toString()).toBe(image.config);
    expect(JSON.parse(readFileSync(join(test.store.root, 'index.json'), 'utf8'))).toMatchObject({
      manifests: [{ digest, annotations: nameAnnotations(name) }],
    });
  });

  it('loads from a file, the index first or last', async () => {
    using test = new TestStore();
    const path = join(test.folder, 'a.tar');
    writeFileSync(path, tarOf({ 'index.json': indexOf(named), ...image.files }));
    expect(await loadArchive(test.store, path)).toHaveLength(1);
    expect(await loadArchive(test.store, path)).toHaveLength(1);
  });

  it('loads what docker save writes, old and new', async () => {
    using test = new TestStore();
    const Config = `${'c'.repeat(64)}.json`;
    const manifest = JSON.stringify([{ Config, RepoTags: ['app:1', 'app:2'], Layers: ['1/layer.tar'] }]);
    const files = { '1/layer.tar': '-> ../2/layer.tar', '2/layer.tar': image.layer, [Config]: image.config };
    const loaded = await load(test, { ...files, 'manifest.json': manifest, repositories: '{}' });
    expect(loaded.map((item) => item.name)).toEqual(['docker.io/library/app:1', 'docker.io/library/app:2']);
    const found = resolveLocalImage(test.store, parseReference('app:2'), amd64);
    expect(found?.layers).toEqual([
      { diffId: digestBytes(image.layer), descriptor: descriptorOf(mediaTypes.oci.layer.none, image.layer) },
    ]);
    const both = JSON.stringify([{ Config: blobName(image.config), RepoTags: ['new:1'], Layers: [] }]);
    const [first] = await load(test, { ...layout(image.files, image.target), 'manifest.json': both });
    expect(first?.name).toBe('docker.io/library/new:1');
  });

  it('chooses the platform, never an attestation', async () => {
    using test = new TestStore();
    const other = testImage({ x: 'arm' }, 'arm64');
    const attestation = testImage({ y: 'z' }, 'unknown');
    const unknown = { os: 'unknown', architecture: 'unknown' };
    const index = formatManifest({
      kind: 'index',
      mediaType: mediaTypes.oci.index,
      manifests: [
        { ...attestation.target, platform: unknown },
        { ...other.target, platform: arm64 },
        { ...image.target, platform: amd64 },
      ],
    });
    const target = { ...descriptorOf(mediaTypes.oci.index, index), annotations: nameAnnotations(name) };
    const files = { ...image.files, ...other.files, ...attestation.files, [blobName(index)]: index };
    const [loaded] = await load(test, layout(files, target));
    expect(loaded).toEqual({ name, digest: target.digest, platforms: [arm64, amd64] });
    const resolve = (platform: typeof amd64) =>
      resolveLocalImage(test.store, parseReference('app'), platform)?.manifest.digest;
    expect(resolve(amd64)).toBe(image.target.digest);
    expect(resolve(arm64)).toBe(other.target.digest);
    expect(resolve({ os: 'linux', architecture: 's390x' })).toBeUndefined();
    expect(resolveLocalImage(test.store, parseReference(`app@${other.target.digest}`), amd64)?.platform).toEqual(arm64);
  });

  it('loads the platforms that are there', async () => {
    using test = new TestStore();
    const other = testImage({ x: 'arm' }, 'arm64');
    const manifests = [other.target, image.target];
    const index = formatManifest({ kind: 'index', mediaType: mediaTypes.oci.index, manifests });
    const target = { ...descriptorOf(mediaTypes.oci.index, index), annotations: nameAnnotations(name) };
    const [loaded] = await load(test, layout({ ...image.files, [blobName(index)]: index }, target));
    expect(loaded?.platforms).toEqual([amd64]);
    expect(resolveLocalImage(test.store, parseReference('app'), arm64)).toBeUndefined();
  });

  it('makes an index of images that have the same name', async () => {
    using test = new TestStore();
    const other = testImage({ x: 'arm' }, 'arm64');
    const files = { ...image.files, ...other.files };
    const [loaded, ...more] = await load(
      test,
      layout(files, named, { ...other.target, annotations: nameAnnotations(name) }),
    );
    expect(more).toEqual([]);
    expect(loaded?.platforms).toEqual([amd64, arm64]);
    expect(resolveLocalImage(test.store, parseReference('app'), arm64)?.manifest.digest).toBe(other.target.digest);
  });

  const wrongLayer = { ...image.files, [blobName(image.layer)]: 'something else' };
  const noLayer = Object.fromEntries(Object.entries(image.files).filter(([path]) => path !== blobName(image.layer)));
  const short = { ...named, size: named.size - 1 };
  const docker = (change: object) => JSON.stringify([{ Config: 'c.json', RepoTags: [], Layers: ['l.tar'], ...change }]);
  it.each<[string, Files, string]>([
    ['no image', { a: 'b' }, 'neither an OCI layout nor an archive of docker save'],
    ['another blob', layout(wrongLayer, named), `content does not have digest ${digestBytes(image.layer)}`],
    ['a missing blob', layout(noLayer, named), `${digestBytes(image.layer)} is missing`],
    ['a missing manifest', layout({}, named), `${named.digest} is missing`],
    ['a wrong size', layout(image.files, short), `${named.digest} has ${named.size} bytes, not ${short.size}`],
    ['an empty index', layout({}), 'there is no image in it'],
    ['an invalid index', { 'index.json': '{' }, 'invalid index.json: invalid JSON'],
    [
      'an invalid digest',
      { 'index.json': '{"manifests":[{"digest":"sha256:../x","size":1}]}' },
      'invalid checksum digest',
    ],
    ['a path that is no digest', { [`blobs/md5/${'a'.repeat(64)}`]: '' }, 'unsupported digest algorithm'],
    ['a huge index', { 'index.json': Buffer.alloc(9 << 20) }, '"index.json" is longer than 8388608 bytes'],
    ['no config', { 'manifest.json': docker({}), 'l.tar': '' }, 'c.json is missing'],
    ['no layer', { 'manifest.json': docker({}), 'c.json': image.config }, 'l.tar is missing'],
    ['another layer', { 'manifest.json': docker({}), 'c.json': image.config, 'l.tar': 'x' }, 'l.tar is not sha256'],
    ['too few layers', { 'manifest.json': docker({ Layers: [] }), 'c.json': image.config }, 'the image has 0 layers'],
    ['links in a circle', { 'manifest.json': docker({}), 'c.json': '-> c.json' }, 'is a link that leads nowhere'],
  ])('refuses an archive with %s, and changes nothing', async (_title, files, message) => {
    using test = new TestStore();
    await expect(load(test, files)).rejects.toThrow(message);
    expect(test.store.images.list()).toEqual([]);
    expect(readdirSync(join(test.store.root, 'blobs/sha256'))).toEqual([]);
  });

  it.each([
    ['no tar', Buffer.from('x'.repeat(2000)), 'standard input: invalid tar header'],
    ['half a tar', tarOf(layout(image.files, named)).subarray(0, 1500), 'standard input: unexpected end of archive'],
    ['half a gzip', gzipSync(tarOf(image.files)).subarray(0, 200), 'standard input: unexpected end of file'],
    ['half a zstd', zstdCompressSync(tarOf(image.files)).subarray(0, 100), 'standard input: unexpected end of archive'],
  ])('refuses %s', async (_title, bytes, message) => {
    using test = new TestStore();
    await expect(loadArchive(test.store, streamOf(bytes))).rejects.toThrow(message);
  });

  it('says that a file is not there', async () => {
    using test = new TestStore();
    await expect(loadArchive(test.store, '/no/such/file')).rejects.toThrow('cannot read /no/such/file: ENOENT');
  });
});

describe('a layout in a directory', () => {
  it('is loaded with names, or an image of it without', async () => {
    using test = new TestStore();
    const folder = join(test.folder, 'layout');
    const other = testImage({ x: 'y' });
    const tagged = { ...other.target, annotations: { 'org.opencontainers.image.ref.name': 'v1' } };
    writeLayout(folder, layout({ ...image.files, ...other.files }, named, tagged));
    expect(await importLayoutImage(test.store, folder, { tag: 'v1' })).toEqual(other.target);
    expect(test.store.images.list()).toEqual([]);
    expect(await importLayoutImage(test.store, folder, {})).toEqual(image.target);
    expect(await importLayoutImage(test.store, folder, { digest: other.target.digest, tag: 'x' })).toEqual(
      other.target,
    );
    await expect(importLayoutImage(test.store, folder, { tag: 'v2' })).rejects.toThrow(
      `${folder}: there is no image v2 in this OCI layout`,
    );
    const loaded = await loadLayoutDirectory(test.store, folder);
    expect(loaded.map((item) => item.name)).toEqual([name, undefined]);
  });

  it('refuses a directory that is none, and blobs that are not what they should be', async () => {
    using test = new TestStore();
    const folder = join(test.folder, 'layout');
    mkdirSync(folder);
    await expect(importLayoutImage(test.store, folder, {})).rejects.toThrow(`${folder}: there is no OCI layout here`);
    writeLayout(folder, layout({ ...image.files, [blobName(image.layer)]: 'x' }, named));
    await expect(loadLayoutDirectory(test.store, folder)).rejects.toThrow(
      `content of ${digestBytes(image.layer)} does not have`,
    );
    expect(test.store.images.list()).toEqual([]);
  });
});
