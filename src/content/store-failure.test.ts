import { expect, it } from 'vitest';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { SystemError } from '../system/system-error.ts';
import { storeFailure } from './store-failure.ts';

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
