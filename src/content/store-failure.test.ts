import { rmSync, symlinkSync } from 'node:fs';
import { expect, it } from 'vitest';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { SystemError } from '../system/system-error.ts';
import { storeFailure } from './store-failure.ts';
import { TestStore } from './testing.ts';

const hint = 'look at the disk of the store: it does not work; when it does again, kiln store check --deep --repair';

it('A file that a disk cannot read is named, by who asked for it if not by the error', () => {
  const error = new SystemError(5, 'read');
  expect(storeFailure(error, '/store/blobs/a')).toMatchObject({
    code: 'content/read-failed',
    message: 'cannot read the store at /store/blobs/a: i/o error',
    hint,
  });
  expect(storeFailure(new SystemError(5, 'stat', '/store/b'), '/other')).toMatchObject({
    message: 'cannot read the store at /store/b: i/o error',
  });
});

it('A blob that cannot be read is named, whether it is read at once or bit by bit', async () => {
  using test = new TestStore();
  const { blobs } = test.store;
  const { digest } = blobs.put('a');
  const path = blobs.path(digest);
  rmSync(path);
  // Its first page belongs to nobody, so reading it is an I/O error.
  symlinkSync('/proc/self/mem', path);
  const failure = { code: 'content/read-failed', message: `cannot read the store at ${path}: i/o error`, hint };
  expect(() => blobs.read(digest)).toThrow(failure.message);
  await expect(blobs.stream(digest).toArray()).rejects.toMatchObject(failure);
});

it('A file that a disk cannot write is told as one', () => {
  expect(storeFailure(new SystemError(117, 'fsync'), '/store/tmp/a')).toMatchObject({
    code: 'content/write-failed',
    message: 'cannot write to the store at /store/tmp/a: structure needs cleaning',
    hint,
  });
});

it('What is no answer of the system stays what it is', () => {
  const errors = [new TypeError('no'), new KilnError('content/blob-missing', 'no')];
  for (const error of errors) expect(storeFailure(error)).toBe(error);
});
