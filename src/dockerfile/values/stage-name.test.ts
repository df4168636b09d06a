import { expect, test } from 'vitest';
import { isStageName } from './stage-name.ts';

test.each(['a', 'build', 'stage-1', 'a.b_c-9'])('%s may name a stage', (text) => {
  expect(isStageName(text)).toBe(true);
});

test.each(['', '0', '-a', 'Build', 'a b', 'a\n', 'é', 'a/b'])('%j may not name a stage', (text) => {
  expect(isStageName(text)).toBe(false);
});
