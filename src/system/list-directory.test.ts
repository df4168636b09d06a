import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { listDirectory, type ListedName } from './list-directory.ts';
import { makeNode } from './node.ts';

const folder = mkdtempSync(join(tmpdir(), 'kiln-list-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function byNode(path: string): ListedName[] {
  return readdirSync(path, { withFileTypes: true, encoding: 'latin1' }).map((entry) => ({
    name: entry.name,
    isDirectory: entry.isDirectory(),
    isCharacterDevice: entry.isCharacterDevice(),
  }));
}

function sorted(names: readonly ListedName[]): readonly ListedName[] {
  return names.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

it('lists what Node lists, of every kind and with every name', () => {
  mkdirSync(join(folder, 'directory'));
  writeFileSync(join(folder, 'file'), '');
  writeFileSync(Buffer.from(`${folder}/\xff\n \xe9`, 'latin1'), '');
  writeFileSync(join(folder, `${'é'.repeat(100)}.txt`), '');
  writeFileSync(join(folder, '...'), '');
  writeFileSync(join(folder, 'a'.repeat(255)), '');
  symlinkSync('directory', join(folder, 'link'));
  makeNode(join(folder, 'pipe'), 0o010644, 0, 0);
  const found = sorted(listDirectory(folder));
  expect(found).toHaveLength(8);
  expect(found).toEqual(sorted(byNode(folder)));
  expect(listDirectory(join(folder, 'directory'))).toEqual([]);
  expect(listDirectory('/dev').find(({ name }) => name === 'null')?.isCharacterDevice).toBe(true);
});

it.each([300, 2500])('lists all of %i files', (count) => {
  const large = join(folder, `large-${count}`);
  mkdirSync(large);
  const names = Array.from({ length: count }, (_, index) => `file-${index}`);
  for (const name of names) writeFileSync(join(large, name), '');
  const found = listDirectory(large).map(({ name }) => name);
  expect(found.sort()).toEqual(names.sort());
});

it('fails as Node does', () => {
  expect(() => listDirectory(join(folder, 'nothing'))).toThrow(/^ENOENT.*scandir.*nothing/);
  expect(() => listDirectory('/dev/null')).toThrow(/^ENOTDIR/);
  expect(() => listDirectory(`/${'a/'.repeat(5000)}`)).toThrow(/^ENAMETOOLONG/);
});
