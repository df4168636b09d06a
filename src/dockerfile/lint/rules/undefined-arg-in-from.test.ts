import { expect, test } from 'vitest';
import { warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { undefinedArgInFrom } from './undefined-arg-in-from.ts';

test('variables of FROM that nobody declares are named', () => {
  expect(warningsOf(undefinedArgInFrom, 'FROM x$A \\\n AS a\nFROM y$B$C\n')).toEqual([
    "1-2: FROM argument 'A' is not declared «x$A»",
    "3: FROM argument 'B' is not declared «y$B$C»",
    "3: FROM argument 'C' is not declared «y$B$C»",
  ]);
});

test('a name that is nearly right is suggested', () => {
  expect(warningsOf(undefinedArgInFrom, 'ARG VERSION=1\nFROM x$VERSOIN\nFROM --platform=$BUILDPLATFROM y\n')).toEqual([
    "2: FROM argument 'VERSOIN' is not declared (did you mean VERSION?) «x$VERSOIN»",
    "3: FROM argument 'BUILDPLATFROM' is not declared (did you mean BUILDPLATFORM?) «--platform=$BUILDPLATFROM»",
  ]);
});

test('an argument of a stage is not known to FROM', () => {
  expect(warningsOf(undefinedArgInFrom, 'FROM x\nARG V=1\nFROM y$V\n')).toEqual([
    "3: FROM argument 'V' is not declared «y$V»",
  ]);
});

test('a variable that a default stands in for is named all the same', () => {
  expect(warningsOf(undefinedArgInFrom, 'FROM ${A:-x}\n')).toEqual(["1: FROM argument 'A' is not declared «${A:-x}»"]);
});

test('a word with a mistake is named before the mistake ends it', () => {
  expect(warningsOf(undefinedArgInFrom, 'FROM x$A${\n')).toEqual(["1: FROM argument 'A' is not declared «x$A${»"]);
});

test.each(['ARG V=1\nFROM x$V\n', 'ARG V\nFROM x$V\n', 'FROM x:$TARGETARCH\n', 'FROM --platform=$BUILDPLATFORM x\n'])(
  '%j is fine',
  (text) => {
    expect(warningsOf(undefinedArgInFrom, text)).toEqual([]);
  },
);

test('the rule can be skipped for the file and for an instruction', () => {
  const text = 'FROM y\nFROM x$A\n';
  expect(warningsIfSkipped(undefinedArgInFrom, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, undefinedArgInFrom, text)).toEqual([]);
});
