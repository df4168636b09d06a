import { expect, test } from 'vitest';
import { fixed, warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { consistentInstructionCasing } from './consistent-instruction-casing.ts';

test('instructions in the casing of the minority are named', () => {
  expect(warningsOf(consistentInstructionCasing, 'FROM x\nrun a\nRUN b\n')).toEqual([
    "2: Command 'run' should match the case of the command majority (uppercase) «run»",
  ]);
  expect(warningsOf(consistentInstructionCasing, 'FROM x\nrun a\nrun b \\\n && c\n')).toEqual([
    "1: Command 'FROM' should match the case of the command majority (lowercase) «FROM»",
  ]);
});

test('mixed case belongs to neither side and is always named', () => {
  expect(warningsOf(consistentInstructionCasing, 'From x\nRun a \\\n b\n')).toEqual([
    "1: Command 'From' should match the case of the command majority (uppercase) «From»",
    "2-3: Command 'Run' should match the case of the command majority (uppercase) «Run»",
  ]);
});

test('with as many on both sides the upper case wins', () => {
  expect(warningsOf(consistentInstructionCasing, 'FROM x\nrun a\n')).toEqual([
    "2: Command 'run' should match the case of the command majority (uppercase) «run»",
  ]);
});

test('all stages count together, global arguments and triggers do not', () => {
  const text = 'arg A\nfrom x\nrun a\nFROM y\nrun b\nonbuild RUN c\n';
  expect(warningsOf(consistentInstructionCasing, text)).toEqual([
    "4: Command 'FROM' should match the case of the command majority (lowercase) «FROM»",
  ]);
});

test.each(['FROM x\nRUN a\n', 'from x\nrun a\n'])('one casing is consistent: %j', (text) => {
  expect(warningsOf(consistentInstructionCasing, text)).toEqual([]);
});

test('the rule can be skipped for the file, but not for an instruction', () => {
  const text = 'FROM x\nRUN a\nrun b\n';
  expect(warningsIfSkipped(consistentInstructionCasing, text)).toEqual([]);
  expect(warningsIfSkippedAt(3, consistentInstructionCasing, text)).toHaveLength(1);
});

test('the fix changes the keywords of the minority', () => {
  expect(fixed(consistentInstructionCasing, 'FROM x\nrun  a\nRun b # run\nCmd ["run"]\nUSER run\n')).toBe(
    'FROM x\nRUN  a\nRUN b # run\nCMD ["run"]\nUSER run\n',
  );
  expect(fixed(consistentInstructionCasing, 'from x\nENV A=1\nlabel a=b\nlabel b=$A\n')).toBe(
    'from x\nenv A=1\nlabel a=b\nlabel b=$A\n',
  );
});

test('a keyword that is broken over lines is left alone', () => {
  const text = 'FROM x\nRUN a\nru\\\nn b\n';
  expect(warningsOf(consistentInstructionCasing, text)).toEqual([
    "3-4: Command 'run' should match the case of the command majority (uppercase) «ru\\\nn»",
  ]);
  expect(fixed(consistentInstructionCasing, text)).toBe(text);
});
