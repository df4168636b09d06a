import { expect, test } from 'vitest';
import { warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { invalidDefaultArgInFrom } from './invalid-default-arg-in-from.ts';

test('a base that is no reference without build arguments is named', () => {
  expect(warningsOf(invalidDefaultArgInFrom, 'ARG TAG\nFROM x:$TAG\n', { buildArgs: new Map([['TAG', '1']]) })).toEqual(
    ['2: Default value for ARG x:$TAG results in empty or invalid base image name «x:$TAG»'],
  );
  expect(warningsOf(invalidDefaultArgInFrom, 'ARG BASE=\nFROM \\\n $BASE AS a\n')).toEqual([
    '2-3: Default value for ARG $BASE results in empty or invalid base image name «$BASE»',
  ]);
});

test('every stage is looked at, though the first one that is empty is an error', () => {
  expect(warningsOf(invalidDefaultArgInFrom, 'FROM x$A:\nFROM $B\n')).toEqual([
    '1: Default value for ARG x$A: results in empty or invalid base image name «x$A:»',
    '2: Default value for ARG $B results in empty or invalid base image name «$B»',
  ]);
});

test.each([
  'ARG TAG=1\nFROM x:$TAG\n',
  'ARG TAG\nFROM x:${TAG:-latest}\n',
  'ARG SUFFIX\nFROM x:slim$SUFFIX\n',
  'FROM x:$TARGETARCH\n',
  'FROM x\n',
])('%j is fine', (text) => {
  expect(warningsOf(invalidDefaultArgInFrom, text)).toEqual([]);
});

test('the rule can be skipped for the file, but not for an instruction', () => {
  const text = 'ARG TAG\nFROM x:$TAG\n';
  expect(warningsIfSkipped(invalidDefaultArgInFrom, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, invalidDefaultArgInFrom, text)).toHaveLength(1);
});
