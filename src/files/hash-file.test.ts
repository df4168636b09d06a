import { createHash } from 'node:crypto';
import { closeSync, ftruncateSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { hashFile } from './hash-file.ts';
import { Pacer } from '../system/pacer.ts';
import { Folders } from './testing.ts';

it.each([
  ['at its start and end', 5_000_003, [2_000_000]],
  ['between', 4 << 20, [0, (4 << 20) - 4]],
  ['everywhere', 2_500_000, []],
])('The hash of a file with holes %s is that of its content', async (_, size, places) => {
  using folders = new Folders();
  const [sparse, dense] = [join(folders.path, 'sparse'), join(folders.path, 'dense')];
  const content = Buffer.alloc(size);
  const fd = openSync(sparse, 'w');
  for (const place of places) {
    writeSync(fd, 'kiln', place);
    content.write('kiln', place);
  }
  ftruncateSync(fd, size);
  closeSync(fd);
  writeFileSync(dense, content);
  const expected = createHash('sha256').update(content).digest('hex');
  for (const path of [sparse, dense]) {
    expect(await hashFile(path, BigInt(size), new Pacer(undefined))).toBe(expected);
  }
});
