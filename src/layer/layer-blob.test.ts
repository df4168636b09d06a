import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decompress } from '../content/decompress.ts';
import { TestStore } from '../content/testing.ts';
import { mediaTypes } from '../spec/media-type.ts';
import { createLayerBlob, digestLayer, recompressLayer } from './layer-blob.ts';
import { openSink } from './open-sink.ts';
import { TestFolder } from './testing.ts';
import { writeLayer } from './write-layer.ts';

/** Bytes that are neither all the same nor random, always the same. */
function someBytes(size: number): Buffer {
  const parts: Buffer[] = [];
  for (let length = 0, n = 0; length < size; n++) {
    const part = createHash('sha512').update(String(n)).digest();
    parts.push(part, part.subarray(0, n % 40));
    length += 64 + (n % 40);
  }
  return Buffer.concat(parts).subarray(0, size);
}

describe('a layer blob', () => {
  let folder: TestFolder;
  let test: TestStore;
  beforeAll(() => {
    folder = new TestFolder();
    test = new TestStore();
    writeFileSync(folder.join('large'), someBytes(5_300_000));
    for (let n = 0; n < 50; n++) writeFileSync(folder.join(`small-${n}`), someBytes(n * 100));
  });
  afterAll(() => {
    folder[Symbol.dispose]();
    test[Symbol.dispose]();
  });

  const source = () => ({ directories: [folder.path], parent: [] });
  const kinds = ['gzip', 'zstd', 'none'] as const;

  it.each(kinds)('with %s holds the layer, and is the same every time', async (kind) => {
    const first = await createLayerBlob(test.store, { ...source(), compression: { kind } });
    const second = await createLayerBlob(test.store, { ...source(), compression: { kind } });
    expect(second).toEqual(first);
    expect(first.descriptor.mediaType).toBe(mediaTypes.oci.layer[kind]);
    expect(first.descriptor.size).toBe(test.store.blobs.size(first.descriptor.digest));
    const { compression, content } = await decompress(test.store.blobs.stream(first.descriptor.digest));
    const hash = createHash('sha256');
    for await (const chunk of content) hash.update(chunk);
    expect([compression, `sha256:${hash.digest('hex')}`]).toEqual([kind, first.diffId]);
    expect(test.store.layers.get(first.diffId, kind)).toEqual(first.descriptor);
    expect(await digestLayer(source())).toEqual({ diffId: first.diffId, uncompressedSize: first.uncompressedSize });
  });

  it.each(kinds)('can be compressed once more with %s', async (kind) => {
    const plain = await createLayerBlob(test.store, { ...source(), compression: { kind: 'none' } });
    const direct = await createLayerBlob(test.store, { ...source(), compression: { kind } });
    for (const other of kinds) {
      const from = await recompressLayer(test.store, plain, { kind: other });
      expect(await recompressLayer(test.store, from, { kind })).toEqual(direct);
    }
  });

  it.each(kinds)('with %s fails when the disk is full', async (kind) => {
    let left = 2;
    const sink = openSink({ kind }, () => (left-- > 0 ? Promise.resolve() : Promise.reject(new Error('no space'))));
    const written = writeLayer(source(), sink).then(() => sink.finish());
    await expect(written).rejects.toThrow('no space');
  });

  it('is smaller with a higher level', async () => {
    const sizes = await Promise.all(
      [0, 1, 9].map(async (level) => {
        const { descriptor, diffId } = await createLayerBlob(test.store, {
          ...source(),
          compression: { kind: 'gzip', level },
        });
        expect(test.store.layers.get(diffId, `gzip:${level}`)).toEqual(descriptor);
        return descriptor.size;
      }),
    );
    expect(sizes).toEqual(sizes.toSorted((a, b) => b - a));
    expect(new Set(sizes).size).toBe(3);
  });

  it('has no time and no name in its gzip header', async () => {
    const { descriptor } = await createLayerBlob(test.store, { ...source(), compression: { kind: 'gzip' } });
    const bytes = test.store.readBlob(descriptor.digest);
    expect(bytes.subarray(0, 10).toString('hex')).toBe('1f8b08000000000000ff');
    expect(gunzipSync(bytes).length % 512).toBe(0);
  });

  it('of an empty directory is the empty layer of everybody', async () => {
    using empty = new TestFolder();
    const { diffId } = await digestLayer({ directories: [empty.path], parent: [] });
    expect(diffId).toBe('sha256:5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef');
  });

  it('is not kept if its content is another', async () => {
    const layer = await createLayerBlob(test.store, { ...source(), compression: { kind: 'none' } });
    using other = new TestFolder();
    writeFileSync(other.join('x'), '');
    const wrong = await createLayerBlob(test.store, {
      directories: [other.path],
      parent: [],
      compression: { kind: 'none' },
    });
    const mixed = { diffId: layer.diffId, descriptor: wrong.descriptor };
    await expect(recompressLayer(test.store, mixed, { kind: 'gzip' })).rejects.toThrow(
      `the layer is not ${layer.diffId}`,
    );
  });
});
