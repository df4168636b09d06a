import { expect, test } from 'vitest';
import { fixed, lint, warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { fromAsCasing } from './from-as-casing.ts';

test('a keyword AS in another case than FROM is named', () => {
  expect(warningsOf(fromAsCasing, 'FROM x as a\nfrom x \\\n AS b\nFROM x As c\n')).toEqual([
    "1: 'as' and 'FROM' keywords' casing do not match «as»",
    "2-3: 'AS' and 'from' keywords' casing do not match «AS»",
    "4: 'As' and 'FROM' keywords' casing do not match «As»",
  ]);
});

test.each(['FROM x AS a\n', 'from x as a\n', 'FROM x\n'])('%j is fine', (text) => {
  expect(warningsOf(fromAsCasing, text)).toEqual([]);
});

test('where FROM is in mixed case it is FROM that is wrong', () => {
  expect(warningsOf(fromAsCasing, 'From x as a\nFrom x AS b\n')).toEqual([]);
});

test('the rule can be skipped for the file and for an instruction', () => {
  const text = 'FROM y\nFROM x as a\n';
  expect(warningsIfSkipped(fromAsCasing, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, fromAsCasing, text)).toEqual([]);
});

test('the fix gives AS the case of FROM', () => {
  expect(fixed(fromAsCasing, 'FROM as  as\tas\nfrom as AS b\n')).toBe('FROM as  AS\tas\nfrom as as b\n');
});

test('there is no fix for a word that is not AS', () => {
  expect(lint('FROM x to a\n').warnings.map(({ message, fix }) => [message, fix])).toEqual([
    ["'to' and 'FROM' keywords' casing do not match", undefined],
  ]);
});
