import { expect, test } from 'vitest';
import { warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { maintainerDeprecated } from './maintainer-deprecated.ts';

test('MAINTAINER is named', () => {
  expect(warningsOf(maintainerDeprecated, 'FROM x\nmaintainer a \\\n b\n')).toEqual([
    '2-3: Maintainer instruction is deprecated in favor of using label «maintainer»',
  ]);
});

test('a label for the author is fine', () => {
  expect(warningsOf(maintainerDeprecated, 'FROM x\nLABEL org.opencontainers.image.authors=a\n')).toEqual([]);
});

test('the rule can be skipped for the file and for an instruction', () => {
  const text = 'FROM x\nMAINTAINER a\n';
  expect(warningsIfSkipped(maintainerDeprecated, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, maintainerDeprecated, text)).toEqual([]);
});
