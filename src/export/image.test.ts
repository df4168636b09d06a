import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough, Writable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { loadArchive } from '../content/load-archive.ts';
import { loadLayoutDirectory } from '../content/load-layout.ts';
import { resolveLocalImage } from '../content/resolve-image.ts';
import { testImage, TestStore } from '../content/testing.ts';
import type { TestImage } from '../content/testing.ts';
import { digestBytes } from '../content/hash.ts';
import { mediaTypes } from '../spec/media-type.ts';
import { parseDiffId } from '../spec/digest.ts';
import { parseReference } from '../spec/reference.ts';
import { TarReader } from '../spec/tar/tar-reader.ts';
import { writeImageArchive } from './image-archive.ts';
import { writeImageLayout } from './image-layout.ts';
import { tagImage } from './tag-image.ts';
import { writeImage } from './write-image.ts';
import type { BuiltImage } from './write-image.ts';

const amd64 = { os: 'linux', architecture: 'amd64' };
const names = ['docker.io/library/app:1', 'docker.io/library/app:2'];
const created = '2025-01-01T00:00:00Z';

/** An image as a build makes it: its layers are in the store, nothing else. */
function built(test: TestStore, image: TestImage = testImage({ a: 'b' }), architecture = 'amd64'): BuiltImage {
  const descriptor = { mediaType: mediaTypes.docker.layer.none, ...test.store.writeBlob(image.layer) };
  const layers = [{ diffId: parseDiffId(digestBytes(image.layer)), descriptor }];
  return { config: Buffer.from(image.config), layers, platform: { os: 'linux', architecture } };
}

async function list(path: string): Promise<readonly string[]> {
  const found: string[] = [];
  const reader = new TarReader(PassThrough.from([readFileSync(path)]));
  for (let entry = await reader.next(); entry; entry = await reader.next()) {
    found.push(`${entry.mode.toString(8)} ${entry.path.replace(/sha256\/(..).*/, 'sha256/$1')} ${entry.mtimeNs}`);
  }
  return found;
}

describe('writeImage', () => {
  it('writes a manifest with the names of one family, whatever the base had', () => {
    using test = new TestStore();
    for (const family of ['oci', 'docker'] as const) {
      const { target, images } = writeImage(test.store, [built(test)], { family });
      expect(target).toMatchObject({ mediaType: mediaTypes[family].manifest, platform: amd64 });
      expect(images[0]?.layers[0]?.mediaType).toBe(mediaTypes[family].layer.none);
      expect(JSON.parse(test.store.readBlob(target.digest).toString())).toMatchObject({
        mediaType: mediaTypes[family].manifest,
        config: { mediaType: mediaTypes[family].config },
      });
    }
  });

  it('writes an index for several images, or when asked', () => {
    using test = new TestStore();
    const other = built(test, testImage({ c: 'd' }, 'arm64'), 'arm64');
    const annotations = { a: 'b' };
    const { target } = writeImage(test.store, [built(test), other], { family: 'oci', indexAnnotations: annotations });
    expect(JSON.parse(test.store.readBlob(target.digest).toString())).toMatchObject({
      mediaType: mediaTypes.oci.index,
      manifests: [{ platform: { architecture: 'amd64' } }, { platform: { architecture: 'arm64' } }],
      annotations,
    });
    expect(writeImage(test.store, [built(test)], { family: 'oci', isIndex: true }).target.mediaType).toBe(
      mediaTypes.oci.index,
    );
  });

  it('keeps annotations, but not those of containerd', () => {
    using test = new TestStore();
    const image = built(test);
    const layers = image.layers.map(({ diffId, descriptor }) => ({
      diffId,
      descriptor: { ...descriptor, annotations: { 'containerd.io/uncompressed': 'x', mine: 'y' } },
    }));
    const { target } = writeImage(test.store, [{ ...image, layers, annotations: { z: '1' } }], { family: 'oci' });
    expect(JSON.parse(test.store.readBlob(target.digest).toString())).toMatchObject({
      layers: [{ annotations: { mine: 'y' } }],
      annotations: { z: '1' },
    });
  });
});

describe('writeImageArchive', () => {
  it('writes what BuildKit writes: sorted, without times, with names and date in the index', async () => {
    using test = new TestStore();
    const image = writeImage(test.store, [built(test)], { family: 'oci' });
    const destination = join(test.folder, 'out.tar');
    await writeImageArchive(test.store, { image, destination, format: 'docker', names, created });
    const files = await list(destination);
    expect(files.filter((file) => !file.includes('sha256/'))).toEqual([
      '755 blobs 0',
      '755 blobs/sha256 0',
      '644 index.json 0',
      '644 manifest.json 0',
      '444 oci-layout 0',
    ]);
    expect(files.filter((file) => file.includes('sha256/'))).toEqual(
      [...files.filter((file) => file.includes('sha256/'))].sort(),
    );
    using other = new TestStore();
    const loaded = await loadArchive(other.store, destination);
    expect(loaded).toEqual(names.map((name) => ({ name, digest: image.target.digest, platforms: [amd64] })));
    const found = other.store.images.get('app:1')?.target;
    expect(found?.annotations).toEqual({ 'org.opencontainers.image.created': created });
  });

  it('writes the same bytes again, to a file or a stream', async () => {
    using test = new TestStore();
    const image = writeImage(test.store, [built(test)], { family: 'oci' });
    const destination = join(test.folder, 'out.tar');
    writeFileSync(destination, 'before');
    await writeImageArchive(test.store, { image, destination, format: 'oci', names, created });
    const stream = new PassThrough();
    const read = buffer(stream);
    await writeImageArchive(test.store, { image, destination: stream, format: 'oci', names, created });
    stream.end();
    expect((await read).equals(readFileSync(destination))).toBe(true);
  });

  it('writes the same to a file as to a stream, also of a large blob that was written just now, or touched since', async () => {
    using test = new TestStore();
    const one = built(test);
    const layer = randomBytes((3 << 20) + 700);
    const { digest, size } = await test.store.blobs.write({}, PassThrough.from([layer]));
    const layers = one.layers.map((each) => ({ ...each, descriptor: { ...each.descriptor, digest, size } }));
    const image = writeImage(test.store, [{ ...one, layers }], { family: 'oci' });
    const request = { image, format: 'oci', names } as const;
    const chunks: Buffer[] = [];
    const stream = new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        // It is used again.
        chunks.push(Buffer.from(chunk));
        done();
      },
    });
    await writeImageArchive(test.store, { ...request, destination: stream });
    const streamed = Buffer.concat(chunks);
    expect(streamed.includes(layer)).toBe(true);
    const destination = join(test.folder, 'out.tar');
    expect(test.store.blobs.isVerified(digest)).toBe(true);
    await writeImageArchive(test.store, { ...request, destination });
    expect(readFileSync(destination).equals(streamed)).toBe(true);
    utimesSync(test.store.blobPath(digest), 1, 1);
    expect(test.store.blobs.isVerified(digest)).toBe(false);
    await writeImageArchive(test.store, { ...request, destination });
    expect(readFileSync(destination).equals(streamed)).toBe(true);
  });

  it('follows a symlink to the file, and writes to what is no file as it is', async () => {
    using test = new TestStore();
    const image = writeImage(test.store, [built(test)], { family: 'oci' });
    writeFileSync(join(test.folder, 'real'), '');
    symlinkSync('real', join(test.folder, 'link'));
    await writeImageArchive(test.store, { image, destination: join(test.folder, 'link'), format: 'oci', names: [] });
    expect((await list(join(test.folder, 'real'))).length).toBeGreaterThan(4);
    await writeImageArchive(test.store, { image, destination: '/dev/null', format: 'oci', names: [] });
    expect(existsSync('/dev/null')).toBe(true);
  });

  it('leaves the file as it was if something fails', async () => {
    using test = new TestStore();
    const image = writeImage(test.store, [built(test)], { family: 'oci' });
    const destination = join(test.folder, 'out.tar');
    writeFileSync(destination, 'before');
    const layer = image.images[0]?.layers[0]?.digest ?? image.target.digest;
    writeFileSync(test.store.blobPath(layer), Buffer.alloc(3000));
    const request = { image, destination, format: 'oci', names: [] } as const;
    await expect(writeImageArchive(test.store, request)).rejects.toThrow(
      `the store is damaged: ${layer} is not what it was`,
    );
    test.store.blobs.remove(layer);
    await expect(writeImageArchive(test.store, request)).rejects.toThrow(`the store does not have ${layer}`);
    expect(readFileSync(destination, 'utf8')).toBe('before');
    expect(readdirSync(test.folder).sort()).toEqual(['out.tar', 'store']);
  });

  it('says what cannot be', async () => {
    using test = new TestStore();
    const one = built(test);
    const image = writeImage(test.store, [one, one], { family: 'oci' });
    const destination = join(test.folder, 'no', 'out.tar');
    const write = (more: object) =>
      writeImageArchive(test.store, { image, destination, format: 'oci', names: [], ...more });
    await expect(write({ format: 'docker' })).rejects.toThrow('docker exporter does not currently support');
    await expect(write({})).rejects.toThrow(`cannot write ${destination}: no such file or directory`);
    await expect(write({ destination: test.folder })).rejects.toThrow(`destination file ${test.folder} is a directory`);
  });

  it('ends when nobody reads', async () => {
    using test = new TestStore();
    const image = writeImage(test.store, [built(test, testImage({ a: 'x'.repeat(3 << 20) }))], { family: 'oci' });
    const stream = new PassThrough();
    const written = writeImageArchive(test.store, { image, destination: stream, format: 'oci', names: [] });
    stream.destroy();
    await expect(written).rejects.toThrow();
  });
});

describe('writeImageLayout', () => {
  it('adds images to a directory, each name once', async () => {
    using test = new TestStore();
    const directory = join(test.folder, 'layout');
    const first = writeImage(test.store, [built(test)], { family: 'oci' });
    const second = writeImage(test.store, [built(test, testImage({ c: 'd' }))], { family: 'oci' });
    await writeImageLayout(test.store, { image: first, directory, names });
    await writeImageLayout(test.store, { image: second, directory, names: names.slice(1) });
    await writeImageLayout(test.store, { image: second, directory, names: [] });
    await writeImageLayout(test.store, { image: second, directory, names: [] });
    using other = new TestStore();
    const loaded = await loadLayoutDirectory(other.store, directory);
    expect(loaded.map(({ name, digest }) => [name, digest])).toEqual([
      [names[0], first.target.digest],
      [names[1], second.target.digest],
      [undefined, second.target.digest],
    ]);
    expect(readdirSync(directory).sort()).toEqual(['blobs', 'index.json', 'oci-layout']);
  });

  it('does not touch what is no layout', async () => {
    using test = new TestStore();
    const directory = join(test.folder, 'layout');
    mkdirSync(directory);
    writeFileSync(join(directory, 'index.json'), 'mine');
    const image = writeImage(test.store, [built(test)], { family: 'oci' });
    await expect(writeImageLayout(test.store, { image, directory, names })).rejects.toThrow(
      'is not the index of an OCI layout',
    );
    expect(readFileSync(join(directory, 'index.json'), 'utf8')).toBe('mine');
  });
});

describe('tagImage', () => {
  it('makes an image that can be built upon', () => {
    using test = new TestStore();
    const image = writeImage(test.store, [built(test)], { family: 'oci' });
    tagImage(test.store, ['app:1', 'localhost:5000/x'], image);
    expect(test.store.images.list().map(({ name }) => name)).toEqual([
      'docker.io/library/app:1',
      'localhost:5000/x:latest',
    ]);
    expect(resolveLocalImage(test.store, parseReference('app:1'), amd64)?.layers).toHaveLength(1);
  });
});
