import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { makeDirectories } from './make-directories.ts';

const folder = mkdtempSync(join(tmpdir(), 'kiln-directories-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

it('makes a directory and those above it', () => {
  makeDirectories(join(folder, 'a/b/c'), 0o700);
  makeDirectories(join(folder, 'a/b/c'), 0o700);
  expect(statSync(join(folder, 'a/b/c')).mode & 0o777).toBe(0o700);
});

it('says so where none can be made', () => {
  writeFileSync(join(folder, 'file'), '');
  expect(() => {
    makeDirectories('/proc/kiln/store');
  }).toThrow('ENOENT');
  expect(() => {
    makeDirectories(join(folder, 'file/x'));
  }).toThrow('ENOTDIR');
});
