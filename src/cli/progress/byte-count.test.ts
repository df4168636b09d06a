import { expect, test } from 'vitest';
import { formatByteCount, formatTransfer } from './byte-count.ts';

test.each([
  [0, '0B'],
  [999, '999B'],
  [1000, '1.00kB'],
  [3_410_000, '3.41MB'],
  [2e12, '2.00TB'],
])('%d bytes are %s', (bytes, text) => {
  expect(formatByteCount(bytes)).toBe(text);
});

test('A transfer without a total says how much there was', () => {
  expect(formatTransfer({ current: 32 })).toBe(' 32B');
  expect(formatTransfer({ current: 0 })).toBe('');
  expect(formatTransfer({ current: 0, total: 10 })).toBe(' 0B / 10B');
});
