import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { removeStale, writeFile } from './write-file.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'kiln-test-'));
  onTestFinished(() => {
    rmSync(path, { recursive: true });
  });
  return path;
}

test('A file is made or replaced, and nothing else is left', () => {
  const path = join(folder(), 'id');
  for (const text of ['one', 'two']) {
    writeFile(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  }
  expect(readdirSync(join(path, '..'))).toEqual(['id']);
});

test('Devices are written to, and never removed', () => {
  writeFile('/dev/null', 'text');
  removeStale('/dev/null');
  expect(() => readFileSync('/dev/null')).not.toThrow();
});

test('A stale file goes, and a missing one is no matter', () => {
  const path = join(folder(), 'id');
  writeFileSync(path, '');
  removeStale(path);
  removeStale(path);
  expect(readdirSync(join(path, '..'))).toEqual([]);
});

test('What cannot be written is named', () => {
  expect(() => {
    writeFile('/nowhere/id', '');
  }).toThrow('cannot write /nowhere/id: no such file or directory');
});
