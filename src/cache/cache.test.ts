import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { Database } from '../content/database.ts';
import { cacheKey, type KeyPart } from './cache-key.ts';
import { CacheRecords } from './cache-records.ts';

const folder = mkdtempSync(join(tmpdir(), 'kiln-cache-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

let count = 0;
const newPath = (): string => join(folder, `${count++}.db`);

const anyText = fc.oneof(fc.string(), fc.constantFrom('', ' ', '1', '1 ', ' 1', '\n', '0  0 \n'));
const anyParts: fc.Arbitrary<readonly KeyPart[]> = fc.array(fc.record({ name: anyText, value: anyText }), {
  maxLength: 5,
});

describe('a cache key', () => {
  it('is equal for equal parts and differs for others, wherever the parts are cut', () => {
    fc.assert(
      fc.property(anyParts, anyParts, (a, b) => {
        expect(cacheKey(a).digest === cacheKey(b).digest).toBe(JSON.stringify(a) === JSON.stringify(b));
        expect(cacheKey(structuredClone(a))).toEqual(cacheKey(a));
      }),
    );
  });

  it('differs for parts in another order', () => {
    const [a, b] = [
      { name: 'env A', value: 'A=1' },
      { name: 'env B', value: 'B=1' },
    ];
    expect(cacheKey([a, b]).digest).not.toBe(cacheKey([b, a]).digest);
  });

  it('differs for bytes that are not valid UTF-8', () => {
    const digestOf = (value: string): string => cacheKey([{ name: 'file', value }]).digest;
    // As Kiln holds the bytes 80 and 81.
    const digests = ['\udc80', '\udc81', '\ufffd'].map(digestOf);
    expect(new Set(digests).size).toBe(3);
  });

  it('stays what it was: the keys of stores depend on it', () => {
    const expected = createHash('sha256').update('kiln.cache.v1\n4 kind 4 exec\n4 base 0 \n').digest('hex');
    const parts = [
      { name: 'kind', value: 'exec' },
      { name: 'base', value: '' },
    ];
    expect(cacheKey(parts)).toEqual({ digest: `sha256:${expected}`, parts });
  });
});

describe('the records of a cache', () => {
  const key = cacheKey([{ name: 'kind', value: 'exec' }]);
  const record = { key: key.digest, parts: key.parts, name: '[2/2] RUN make', chain: 'sha256:a' };

  it('are found by their keys, in every process and later', () => {
    const path = newPath();
    using first = new Database(path);
    using second = new Database(path);
    const [ours, theirs] = [new CacheRecords(first), new CacheRecords(second)];
    expect(theirs.find(key)).toBeUndefined();
    ours.add(record);
    expect([ours.find(key), theirs.find(key)]).toEqual(['sha256:a', 'sha256:a']);
    expect(ours.find(cacheKey([]))).toBeUndefined();
    first.close();
    expect(new CacheRecords(new Database(path)).find(key)).toBe('sha256:a');
  });

  it('take the place of earlier ones', () => {
    using database = new Database(newPath());
    const records = new CacheRecords(database);
    records.add(record);
    records.add({ ...record, chain: 'sha256:b' });
    expect(records.find(key)).toBe('sha256:b');
  });

  it('may have the empty file system as their result', () => {
    using database = new Database(newPath());
    const records = new CacheRecords(database);
    records.add({ ...record, chain: '' });
    expect(records.find(key)).toBe('');
  });

  it('know what was selected from a chain', () => {
    using database = new Database(newPath());
    const records = new CacheRecords(database);
    records.addSelection('sha256:a', '/src', 'sha256:1');
    records.addSelection('sha256:a', '/', 'sha256:2');
    records.addSelection('sha256:b', '/src', 'sha256:3');
    records.addSelection('sha256:b', '/src', 'sha256:4');
    const selections = ['/src', '/', '/none'].map((selector) => records.selection('sha256:a', selector));
    expect([...selections, records.selection('sha256:b', '/src')]).toEqual([
      'sha256:1',
      'sha256:2',
      undefined,
      'sha256:4',
    ]);
  });
});
