import { expect, test } from 'vitest';
import { fixed, warningsIfSkipped, warningsIfSkippedAt, warningsOf } from '../testing.ts';
import { redundantTargetPlatform } from './redundant-target-platform.ts';

test('the platform of the target is named where it is asked for', () => {
  expect(
    warningsOf(
      redundantTargetPlatform,
      'FROM --platform=$TARGETPLATFORM \\\n x\nFROM --platform=${TARGETPLATFORM} y\n',
    ),
  ).toEqual([
    '1-2: Setting platform to predefined $TARGETPLATFORM in FROM is redundant as this is the default behavior «--platform=$TARGETPLATFORM»',
    '3: Setting platform to predefined ${TARGETPLATFORM} in FROM is redundant as this is the default behavior «--platform=${TARGETPLATFORM}»',
  ]);
});

test.each([
  'FROM --platform=$BUILDPLATFORM x\n',
  'FROM --platform=$TARGETOS/$TARGETARCH x\n',
  'FROM --platform=${TARGETPLATFORM%amd64}arm64 x\n',
  'FROM --platform=linux/amd64 x\n',
  'FROM x\n',
])('%j is fine', (text) => {
  expect(warningsOf(redundantTargetPlatform, text)).toEqual([]);
});

test('the rule can be skipped for the file and for an instruction', () => {
  const text = 'FROM y\nFROM --platform=$TARGETPLATFORM x\n';
  expect(warningsIfSkipped(redundantTargetPlatform, text)).toEqual([]);
  expect(warningsIfSkippedAt(2, redundantTargetPlatform, text)).toEqual([]);
});

test.each([
  ['FROM --platform=$TARGETPLATFORM \t x AS a\n', 'FROM x AS a\n'],
  ['FROM \\\n  --platform=$TARGETPLATFORM \\\n  x\n', 'FROM \\\n  \\\n  x\n'],
  ['FROM \\\n--platform=$TARGETPLATFORM\\\n# comment\n  x\n', 'FROM \\\n\\\n# comment\n  x\n'],
  ['FROM --platform="$TARGETPLATFORM" x\n', 'FROM x\n'],
])('the fix makes %j %j', (text, mended) => {
  expect(fixed(redundantTargetPlatform, text)).toBe(mended);
});

test('the fix is right for other platforms', () => {
  for (const [os, architecture, variant] of [
    ['linux', 'arm', 'v7'],
    ['windows', 'amd64'],
  ] as const) {
    const targetPlatform = { os, architecture, ...(variant && { variant }) };
    expect(fixed(redundantTargetPlatform, 'FROM --platform=$TARGETPLATFORM x\n', { targetPlatform })).toBe('FROM x\n');
  }
});

test('there is no fix where TARGETPLATFORM is not the platform of the target', () => {
  const text = 'FROM --platform=$TARGETPLATFORM x\n';
  expect(fixed(redundantTargetPlatform, `ARG TARGETPLATFORM=linux/arm64\n${text}`)).toContain(text);
  expect(fixed(redundantTargetPlatform, text, { buildArgs: new Map([['TARGETPLATFORM', 'linux/arm64']]) })).toBe(text);
});

test.each(['${TARGETPLATFORM/arm64/amd64}', '${TARGETPLATFORM%/v7}', '${TARGETPLATFORM:-linux/arm64}'])(
  'the fix is withheld from %s, which is redundant for this platform only',
  (platform) => {
    const text = `FROM --platform=${platform} a\n`;
    expect(warningsOf(redundantTargetPlatform, text)).toHaveLength(1);
    expect(fixed(redundantTargetPlatform, text)).toBe(text);
  },
);
