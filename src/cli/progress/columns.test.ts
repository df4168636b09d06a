import { expect, test } from 'vitest';
import { columnCount, cutColumns, wrapColumns } from './columns.ts';

test.each([
  ['abc', 3],
  ['日本', 4],
  ['e\u0301', 1],
  ['🚀x', 3],
])('%s takes %d columns', (text, count) => {
  expect(columnCount(text)).toBe(count);
});

test('Lines are cut and wrapped between characters', () => {
  expect(cutColumns('日本語', 5)).toBe('日本');
  expect(wrapColumns('ab日本', 3)).toEqual(['ab', '日', '本']);
  expect(wrapColumns('', 3)).toEqual(['']);
  expect(cutColumns('abc', 0)).toBe('');
});
