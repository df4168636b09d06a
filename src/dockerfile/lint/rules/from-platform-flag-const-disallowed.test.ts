import { expect, test } from 'vitest';
import { lint, warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { fromPlatformFlagConstDisallowed } from './from-platform-flag-const-disallowed.ts';

test('a platform without a variable is named', () => {
  expect(warningsOf(fromPlatformFlagConstDisallowed, 'FROM y\nFROM --platform=linux/arm64 \\\n x AS a\n')).toEqual([
    '2-3: FROM --platform flag should not use constant value "linux/arm64" «--platform=linux/arm64»',
  ]);
});

test.each([
  ['uses a variable', 'FROM --platform=$BUILDPLATFORM x'],
  ['uses a variable in part', 'ARG OS=linux\nFROM --platform=$OS/arm64 x'],
  ['uses a variable with a default', 'ARG P\nFROM --platform=${P:-linux/arm64} x'],
  ['is not given', 'FROM x'],
])('a platform is fine that %s', (_, text) => {
  expect(warningsOf(fromPlatformFlagConstDisallowed, `${text}\n`)).toEqual([]);
});

test.each(['arm64', 'build-arm64', 'linux', 'on-linux-1'])('a stage named %s means its platform', (name) => {
  expect(warningsOf(fromPlatformFlagConstDisallowed, `FROM --platform=linux/arm64 x AS ${name}\n`)).toEqual([]);
});

test('what is no platform is an error only', () => {
  const { warnings, problems } = lint('FROM --platform=a/b/c/d x\n');
  expect(warnings).toEqual([]);
  expect(problems.map(({ message }) => message)).toEqual([
    'failed to parse platform a/b/c/d: "a/b/c/d": cannot parse platform specifier: invalid argument',
  ]);
});

test('the rule can be skipped for the file and for an instruction', () => {
  const text = 'FROM y\nFROM --platform=linux/arm64 x\n';
  expect(warningsIfSkipped(fromPlatformFlagConstDisallowed, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, fromPlatformFlagConstDisallowed, text)).toEqual([]);
});
