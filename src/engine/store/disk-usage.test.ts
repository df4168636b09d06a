import { spawnSync } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { DiskUsage } from './disk-usage.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'kiln-test-'));
  onTestFinished(() => {
    rmSync(path, { recursive: true });
  });
  return path;
}

function du(...paths: readonly string[]): number {
  const { stdout } = spawnSync('du', ['-s', '-c', '--block-size=1', ...paths], { encoding: 'utf8' });
  return Number(/^(\d+)\ttotal$/m.exec(stdout)?.[1]);
}

test('A tree takes what du says: links count once, holes nothing, names of any bytes', () => {
  const root = folder();
  mkdirSync(join(root, 'a/b'), { recursive: true });
  writeFileSync(join(root, 'a/file'), Buffer.alloc(123_456, 1));
  linkSync(join(root, 'a/file'), join(root, 'a/b/again'));
  symlinkSync('nowhere', join(root, 'a/link'));
  writeFileSync(join(root, 'sparse'), '');
  truncateSync(join(root, 'sparse'), 10_000_000);
  writeFileSync(Buffer.concat([Buffer.from(`${root}/`), Buffer.from([0xff, 0x80])]), 'not UTF-8');
  expect(new DiskUsage().tree(root)).toEqual({ bytes: du(root), isAlone: true });
});

test('What two trees have in common counts with the first', () => {
  const root = folder();
  const [first, second] = [join(root, 'first'), join(root, 'second')];
  for (const path of [first, second]) mkdirSync(path);
  writeFileSync(join(first, 'file'), Buffer.alloc(50_000, 1));
  linkSync(join(first, 'file'), join(second, 'file'));
  const usage = new DiskUsage();
  const [one, two] = [usage.tree(first), usage.tree(second)];
  expect(one.bytes + two.bytes).toBe(du(first, second));
  expect([one.isAlone, two.isAlone]).toEqual([false, false]);
});

test('What is not there takes nothing', () => {
  expect(new DiskUsage().tree('/nowhere/at/all').bytes).toBe(0);
});
