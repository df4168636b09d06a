import { expect, test } from 'vitest';
import { warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { jsonArgsRecommended } from './json-args-recommended.ts';

test('CMD and ENTRYPOINT in the shell form are named, in the keyword as written', () => {
  expect(warningsOf(jsonArgsRecommended, 'FROM x\ncmd a b\nENTRYPOINT c \\\n d\n')).toEqual([
    '2: JSON arguments recommended for cmd to prevent unintended behavior related to OS signals «cmd a b»',
    '3-4: JSON arguments recommended for ENTRYPOINT to prevent unintended behavior related to OS signals «ENTRYPOINT c \\\n d»',
  ]);
});

test('what is not quite JSON is the shell form', () => {
  expect(warningsOf(jsonArgsRecommended, "FROM x\nCMD ['a']\n")).toEqual([
    "2: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals «CMD ['a']»",
  ]);
});

test.each(['CMD ["a"]', 'ENTRYPOINT ["a", "b"]', 'RUN a', 'HEALTHCHECK CMD a', 'CMD []'])('%j is fine', (line) => {
  expect(warningsOf(jsonArgsRecommended, `FROM x\n${line}\n`)).toEqual([]);
});

test('who chooses a shell wants one, in this stage or the one below', () => {
  expect(warningsOf(jsonArgsRecommended, 'FROM x\nSHELL ["bash"]\nCMD a\n')).toEqual([]);
  expect(warningsOf(jsonArgsRecommended, 'FROM x AS a\nSHELL ["bash"]\nFROM a\nCMD a\n')).toEqual([]);
  expect(warningsOf(jsonArgsRecommended, 'FROM x\nCMD a\nSHELL ["bash"]\n')).toHaveLength(1);
});

test('a shell of the base image counts', () => {
  const config = { Shell: ['powershell'] };
  const baseImage = () => ({ os: 'linux', architecture: 'amd64', config, history: [] });
  expect(warningsOf(jsonArgsRecommended, 'FROM x\nCMD a\n', { baseImage })).toEqual([]);
});

test('a trigger speaks where it is run', () => {
  expect(warningsOf(jsonArgsRecommended, 'FROM x AS a\nONBUILD CMD b\nFROM a\n')).toEqual([
    '3: JSON arguments recommended for CMD to prevent unintended behavior related to OS signals «FROM a»',
  ]);
});

test('the rule can be skipped for the file and for an instruction', () => {
  const text = 'FROM x\nCMD a\n';
  expect(warningsIfSkipped(jsonArgsRecommended, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, jsonArgsRecommended, text)).toEqual([]);
});
