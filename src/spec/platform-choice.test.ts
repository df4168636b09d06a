import { expect, test } from 'vitest';
import { formatPlatform, parsePlatform } from './platform.ts';
import { choosePlatform, listPlatforms, runnablePlatforms } from './platform-choice.ts';

const host = { os: 'linux', architecture: 'amd64' };
const platform = (text: string) => parsePlatform(text, host);
const candidates = (...texts: readonly string[]) =>
  texts.map((text) => ({ name: text, ...(text !== '' && { platform: platform(text) }) }));

test.each([
  ['linux/amd64', 'linux/amd64 linux/386'],
  ['linux/amd64/v3', 'linux/amd64/v3 linux/amd64/v2 linux/amd64 linux/386'],
  ['linux/arm/v7', 'linux/arm/v7 linux/arm/v6 linux/arm/v5'],
  ['linux/arm/v5', 'linux/arm/v5'],
  ['linux/arm64', 'linux/arm64 linux/arm/v8 linux/arm/v7 linux/arm/v6 linux/arm/v5'],
  ['linux/arm64/v8.1', 'linux/arm64/v8.1 linux/arm64 linux/arm/v8 linux/arm/v7 linux/arm/v6 linux/arm/v5'],
  ['linux/s390x', 'linux/s390x'],
])('On %s run %s, the best first', (text, expected) => {
  expect(runnablePlatforms(platform(text)).map(formatPlatform).join(' ')).toBe(expected);
});

test('Of the ninth version of arm64, all of the eighth follow that it has', () => {
  const names = runnablePlatforms(platform('linux/arm64/v9')).map(formatPlatform);
  expect(names.slice(0, 8).join(' ')).toBe(
    'linux/arm64/v9 linux/arm64/v8.5 linux/arm64/v8.4 linux/arm64/v8.3 linux/arm64/v8.2 linux/arm64/v8.1 linux/arm64 linux/arm/v8',
  );
});

test.each([
  ['linux/amd64', ['linux/arm64', 'linux/386', 'linux/amd64'], 'linux/amd64'],
  ['linux/amd64', ['linux/386'], 'linux/386'],
  ['linux/amd64', ['linux/amd64/v2'], undefined],
  ['linux/amd64/v3', ['linux/amd64', 'linux/amd64/v2', 'linux/amd64/v4'], 'linux/amd64/v2'],
  ['linux/arm', ['linux/arm/v5', 'linux/arm/v6'], 'linux/arm/v6'],
  ['linux/arm64', ['linux/arm/v7', 'linux/arm64/v8'], 'linux/arm64/v8'],
  ['linux/arm64', ['windows/arm64', 'darwin/arm64', ''], undefined],
])('For %s of %j, %s is chosen', (wanted, there, expected) => {
  expect(choosePlatform(candidates(...there), platform(wanted))?.name).toBe(expected);
});

test('Attestations are not images', () => {
  const attestation = { platform: { os: 'unknown', architecture: 'unknown' } };
  expect(choosePlatform([attestation], platform('linux/amd64'))).toBeUndefined();
  expect(listPlatforms([attestation, ...candidates('linux/amd64', 'linux/amd64', 'linux/arm/v6')])).toBe(
    'linux/amd64, linux/arm/v6',
  );
});

test('The first of equals is chosen', () => {
  const equal = [1, 2].map((number) => ({ number, platform: host }));
  expect(choosePlatform(equal, host)?.number).toBe(1);
});
