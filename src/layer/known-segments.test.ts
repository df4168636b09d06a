import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { openContentStore } from '../content/store.ts';
import type { LayerEntry } from '../spec/tar/layer-entry.ts';
import { noXattrs } from '../spec/tar/entry.ts';
import { createEntriesBlob, recompressLayer } from './layer-blob.ts';
import { TestFolder } from './testing.ts';

const folder = new TestFolder();
afterAll(() => {
  folder[Symbol.dispose]();
});

/** Some thousand lines, which compress. */
function text(seed: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  let state = seed + 1;
  for (let at = 0; at < size; at++) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    bytes[at] = 97 + ((state >>> 24) % 7);
  }
  return bytes;
}

/** @param changed number of the file that is another one, or none */
function files(count: number, size: number, changed?: number): LayerEntry[] {
  return Array.from({ length: count }, (_, n): LayerEntry => {
    const bytes = n === changed ? text(99 + n, size + 700) : text(n, size);
    const path = `directory/file-${String(n).padStart(6, '0')}`;
    const base = { path, mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n, xattrs: noXattrs };
    return { entry: { kind: 'file', ...base, size: bytes.length }, content: { kind: 'bytes', bytes } };
  });
}

const gzip = { compression: { kind: 'gzip' as const }, isProvisional: false };

describe('segments of layers that are known', () => {
  it('are not compressed again, and make the same blob as if they were', async () => {
    using store = openContentStore(folder.join('same'));
    using fresh = openContentStore(folder.join('fresh'));
    const first = await createEntriesBlob(store, { ...gzip, entries: files(3000, 1500) });
    const known = store.database.all('select key from layer_segments').length;
    expect(known).toBeGreaterThan(4);
    const second = await createEntriesBlob(store, { ...gzip, entries: files(3000, 1500, 1700) });
    expect(second.diffId).not.toBe(first.diffId);
    const all = store.database.all('select key from layer_segments').length;
    // The segment with the file, and the next one if that refers back to it.
    expect(all - known).toBeLessThanOrEqual(3);
    const alone = await createEntriesBlob(fresh, { ...gzip, entries: files(3000, 1500, 1700) });
    expect(second).toEqual(alone);
    expect(gunzipSync(store.readBlob(second.descriptor.digest)).length).toBe(second.uncompressedSize);
  });

  it('are the same, however the layer came to be compressed', async () => {
    using store = openContentStore(folder.join('plain'));
    const plain = await createEntriesBlob(store, {
      ...gzip,
      compression: { kind: 'none' },
      entries: files(2000, 1000),
    });
    const packed = await recompressLayer(store, plain, { kind: 'gzip' });
    using other = openContentStore(folder.join('packed'));
    expect(packed).toEqual(await createEntriesBlob(other, { ...gzip, entries: files(2000, 1000) }));
  });

  it('are compressed again if their blob is damaged or gone', async () => {
    using store = openContentStore(folder.join('damaged'));
    const first = await createEntriesBlob(store, { ...gzip, entries: files(2000, 1500) });
    const path = store.blobPath(first.descriptor.digest);
    const bytes = readFileSync(path);
    bytes[100_000] = (bytes[100_000] ?? 0) ^ 1;
    writeFileSync(path, bytes);
    using fresh = openContentStore(folder.join('whole'));
    const wanted = await createEntriesBlob(fresh, { ...gzip, entries: files(2000, 1500, 1999) });
    expect(await createEntriesBlob(store, { ...gzip, entries: files(2000, 1500, 1999) })).toEqual(wanted);
    store.database.run('update layer_segments set crc = crc + 1');
    expect(await createEntriesBlob(store, { ...gzip, entries: files(2000, 1500, 1999) })).toEqual(wanted);
    store.blobs.remove(first.descriptor.digest);
    store.blobs.remove(wanted.descriptor.digest);
    expect(await createEntriesBlob(store, { ...gzip, entries: files(2000, 1500) })).toEqual(first);
  });

  it('come to what the content is, whatever is in the layer', async () => {
    using store = openContentStore(folder.join('any'));
    const sizes = fc.array(fc.oneof(fc.nat(3000), fc.integer({ min: 0, max: 3_000_000 })), { maxLength: 6 });
    const layers = fc.array(fc.record({ sizes, small: fc.nat(1500), seed: fc.nat(3) }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(layers, async (parts) => {
        const entries = parts.flatMap(({ sizes: large, small, seed }, part) =>
          [...large.map((size) => text(seed, size)), ...files(small, 700).map(({ content }) => content)].map(
            (content, n): LayerEntry => {
              const bytes =
                content && 'bytes' in content ? content.bytes : content instanceof Buffer ? content : Buffer.alloc(0);
              const base = { mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n, xattrs: noXattrs };
              const entry = { kind: 'file', path: `${part}/${n}`, ...base, size: bytes.length } as const;
              return { entry, content: { kind: 'bytes', bytes } };
            },
          ),
        );
        const blob = await createEntriesBlob(store, { ...gzip, entries });
        const plain = await createEntriesBlob(store, { ...gzip, compression: { kind: 'none' }, entries });
        const unpacked = gunzipSync(readFileSync(store.blobPath(blob.descriptor.digest)));
        expect(unpacked.equals(readFileSync(store.blobPath(plain.descriptor.digest)))).toBe(true);
      }),
      { numRuns: 12 },
    );
  }, 120_000);
});
