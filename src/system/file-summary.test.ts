import { lstatSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { fileSummary } from './file-summary.ts';
import { lstatAll } from './lstat-all.ts';
import { setTimes } from './times.ts';

const folder = mkdtempSync(join(tmpdir(), 'kiln-test-'));
const file = join(folder, 'file');
writeFileSync(file, '');

afterAll(() => {
  rmSync(folder, { recursive: true });
});

it.each([
  { what: 'an empty file', size: 0, time: 0n },
  { what: 'five gibibytes', size: 5 * 2 ** 30 + 1, time: 1_700_000_000_123_456_789n },
  { what: 'a time before 1970', size: 1, time: -1_000_000_000_500_000_001n },
  { what: 'a time after 2106', size: 1, time: 5_000_000_000_999_999_999n },
])('tells $what by the same sum, whoever has asked the kernel', ({ size, time }) => {
  truncateSync(file, size);
  setTimes(file, time);
  const [asked] = lstatAll([file]);
  const known = lstatSync(file, { bigint: true });
  expect(asked && fileSummary(asked)).toBe(fileSummary(known));
  for (const change of ['dev', 'ino', 'mode', 'size', 'mtimeNs', 'ctimeNs'] as const) {
    const { dev, ino, mode, size: bytes, mtimeNs, ctimeNs } = known;
    const other = { dev, ino, mode, size: bytes, mtimeNs, ctimeNs, [change]: known[change] + 1n };
    expect(fileSummary(other)).not.toBe(fileSummary(known));
  }
});
