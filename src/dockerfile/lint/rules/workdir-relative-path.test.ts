import { expect, test } from 'vitest';
import { warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { workdirRelativePath } from './workdir-relative-path.ts';

test('a first WORKDIR that is relative is named', () => {
  expect(warningsOf(workdirRelativePath, 'FROM x\nENV A=b\nWORKDIR $A/c\nFROM y\nWORKDIR \\\n d\n')).toEqual([
    '3: Relative workdir "b/c" can have unexpected results if the base image changes «$A/c»',
    '5-6: Relative workdir "d" can have unexpected results if the base image changes «d»',
  ]);
});

test('the working directory of the base image does not help', () => {
  const baseImage = () => ({ os: 'linux', architecture: 'amd64', config: { WorkingDir: '/w' }, history: [] });
  expect(warningsOf(workdirRelativePath, 'FROM x\nWORKDIR a\n', { baseImage })).toHaveLength(1);
});

test.each(['WORKDIR /a', 'WORKDIR /a\nWORKDIR b', 'WORKDIR $NOPE/a'])('%j is fine', (lines) => {
  expect(warningsOf(workdirRelativePath, `FROM x\n${lines}\n`)).toEqual([]);
});

test('only the first one is named', () => {
  expect(warningsOf(workdirRelativePath, 'FROM x\nWORKDIR a\nWORKDIR b\n')).toHaveLength(1);
});

test('a stage goes on from the WORKDIR of its base', () => {
  expect(warningsOf(workdirRelativePath, 'FROM x AS a\nWORKDIR /a\nFROM a\nWORKDIR b\n')).toEqual([]);
});

test('on Windows a path on the drive of the system is absolute', () => {
  const targetPlatform = { os: 'windows', architecture: 'amd64' };
  expect(warningsOf(workdirRelativePath, 'FROM x\nWORKDIR C:/a\nFROM x\nWORKDIR a\n', { targetPlatform })).toEqual([
    '4: Relative workdir "a" can have unexpected results if the base image changes «a»',
  ]);
});

test('the rule can be skipped for the file and for an instruction', () => {
  const text = 'FROM x\nWORKDIR a\n';
  expect(warningsIfSkipped(workdirRelativePath, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, workdirRelativePath, text)).toEqual([]);
});
