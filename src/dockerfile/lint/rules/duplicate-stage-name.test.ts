import { expect, test } from 'vitest';
import { warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { duplicateStageName } from './duplicate-stage-name.ts';

test('a name that an earlier stage has is named, whatever its case', () => {
  expect(warningsOf(duplicateStageName, 'FROM x AS a\nFROM y AS b\nFROM z \\\n AS A\nFROM z AS a\n')).toEqual([
    '3-4: Duplicate stage name "a", stage names should be unique «A»',
    '5: Duplicate stage name "a", stage names should be unique «a»',
  ]);
});

test.each(['FROM x AS a\nFROM a AS b\n', 'FROM x\nFROM x\n'])('%j has no duplicates', (text) => {
  expect(warningsOf(duplicateStageName, text)).toEqual([]);
});

test('the rule can be skipped for the file, but not for an instruction', () => {
  const text = 'FROM x AS a\nFROM y AS a\n';
  expect(warningsIfSkipped(duplicateStageName, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, duplicateStageName, text)).toHaveLength(1);
});
