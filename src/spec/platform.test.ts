import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatPlatform, formatPlatformAll, normalizePlatform, parsePlatform } from './platform.ts';
import type { Platform } from './platform.ts';
import { ValueError } from './value-error.ts';

const host: Platform = { os: 'linux', architecture: 'amd64' };

test.each<[string, Platform]>([
  ['linux', { os: 'linux', architecture: 'amd64' }],
  ['macOS', { os: 'darwin', architecture: 'amd64' }],
  ['windows(10.0.17763)', { os: 'windows', architecture: 'amd64', osVersion: '10.0.17763' }],
  ['arm64', { os: 'linux', architecture: 'arm64' }],
  ['aarch64', { os: 'linux', architecture: 'arm64' }],
  ['x86_64', { os: 'linux', architecture: 'amd64' }],
  ['armhf', { os: 'linux', architecture: 'arm' }],
  ['armel', { os: 'linux', architecture: 'arm', variant: 'v6' }],
  ['arm', { os: 'linux', architecture: 'arm' }],
  ['linux/arm', { os: 'linux', architecture: 'arm' }],
  ['linux/arm/v7', { os: 'linux', architecture: 'arm', variant: 'v7' }],
  ['linux/arm/6', { os: 'linux', architecture: 'arm', variant: 'v6' }],
  ['linux/arm64', { os: 'linux', architecture: 'arm64' }],
  ['linux/arm64/v8', { os: 'linux', architecture: 'arm64', variant: 'v8' }],
  ['linux/arm64/v9.0', { os: 'linux', architecture: 'arm64', variant: 'v9' }],
  ['linux/amd64/v1', { os: 'linux', architecture: 'amd64' }],
  ['LINUX/AMD64/V2', { os: 'linux', architecture: 'amd64', variant: 'v2' }],
  ['linux/i386/x', { os: 'linux', architecture: '386' }],
  ['foo/bar/baz', { os: 'foo', architecture: 'bar', variant: 'baz' }],
  ['windows(10.0+b+a)/amd64', { os: 'windows', architecture: 'amd64', osVersion: '10.0', osFeatures: ['b', 'a'] }],
  ['windows(+win32k)/amd64', { os: 'windows', architecture: 'amd64', osFeatures: ['win32k'] }],
  ['linux(a%2Bb)/amd64', { os: 'linux', architecture: 'amd64', osVersion: 'a+b' }],
  ['linux()/amd64', { os: 'linux', architecture: 'amd64' }],
])('%s is a platform', (text, platform) => {
  expect(parsePlatform(text, host)).toEqual(platform);
});

test.each<[string, Platform, Platform]>([
  ['linux', { os: 'linux', architecture: 'arm', variant: 'v6' }, { os: 'linux', architecture: 'arm', variant: 'v6' }],
  ['linux', { os: 'linux', architecture: 'arm', variant: 'v7' }, { os: 'linux', architecture: 'arm' }],
  ['linux', { os: 'linux', architecture: 'arm64', variant: 'v8' }, { os: 'linux', architecture: 'arm64' }],
  ['amd64', { os: 'darwin', architecture: 'arm64' }, { os: 'darwin', architecture: 'amd64' }],
])('%s on %j is %j', (text, machine, platform) => {
  expect(parsePlatform(text, machine)).toEqual(platform);
});

const osRule = String.raw`"^([A-Za-z0-9_-]+)(?:\\(([A-Za-z0-9_.%-]*)((?:\\+[A-Za-z0-9_.%-]+)*)\\))?$"`;

test.each([
  ['foobar', '"foobar": unknown operating system or architecture: invalid argument'],
  ['amd64(1)', '"amd64(1)": unknown operating system or architecture: invalid argument'],
  ['linux/*', '"linux/*": wildcards not yet supported: invalid argument'],
  [
    'linux/',
    '"" is an invalid component of "linux/": platform specifier component must match "^[A-Za-z0-9_.-]+$": invalid argument',
  ],
  ['linux/a/b/c', '"linux/a/b/c": cannot parse platform specifier: invalid argument'],
  [
    'linux/a/b/c/d',
    '"c/d" is an invalid component of "linux/a/b/c/d": platform specifier component must match "^[A-Za-z0-9_.-]+$": invalid argument',
  ],
  ['', `"" is an invalid OS component of "": OSAndVersion specifier component must match ${osRule}: invalid argument`],
  [
    'li nux/a',
    `"li nux" is an invalid OS component of "li nux/a": OSAndVersion specifier component must match ${osRule}: invalid argument`,
  ],
  ['linux(%zz)', '"linux(%zz)" has an invalid OS version "%zz": invalid URL escape "%zz"'],
  ['linux(+%4)', '"linux(+%4)" has invalid OS features: invalid os feature "%4": invalid URL escape "%4"'],
])('%j is refused with %j', (text, message) => {
  expect(() => parsePlatform(text, host)).toThrow(new ValueError(message));
});

test.each<[Platform, string, string]>([
  [{ os: '', architecture: 'amd64' }, 'unknown', 'unknown'],
  [{ os: 'linux', architecture: '' }, 'linux', 'linux'],
  [{ os: 'linux', architecture: 'arm', variant: 'v7' }, 'linux/arm/v7', 'linux/arm/v7'],
  [{ os: 'windows', architecture: 'amd64', osVersion: '10(1)' }, 'windows/amd64', 'windows(10%281%29)/amd64'],
  [{ os: 'w', architecture: 'a', osVersion: '1', osFeatures: ['z', 'a', '', 'z'] }, 'w/a', 'w(1+a+z)/a'],
  [{ os: 'w', architecture: 'a', osFeatures: ['x/y'] }, 'w/a', 'w(+x%2Fy)/a'],
])('%j is written %s, and in full %s', (platform, short, full) => {
  expect(formatPlatform(platform)).toBe(short);
  expect(formatPlatformAll(platform)).toBe(full);
});

test('A platform is normalized to canonical names', () => {
  const platform = { os: 'MacOS', architecture: 'AArch64', variant: 'v8', osFeatures: ['b', 'a', 'b'] };
  expect(normalizePlatform(platform, host)).toEqual({ os: 'darwin', architecture: 'arm64', osFeatures: ['a', 'b'] });
  expect(normalizePlatform({ os: '', architecture: 'arm' }, host)).toEqual({
    os: 'linux',
    architecture: 'arm',
    variant: 'v7',
  });
});

test('A platform in full parses to itself', () => {
  const word = fc.stringMatching(/^[a-z][a-z0-9]{0,5}$/);
  const option = fc.string({ unit: fc.constantFrom('1', '.', '+', '(', ')', '/', '%', 'a'), minLength: 1 });
  fc.assert(
    fc.property(word, word, word, option, option, (os, architecture, variant, osVersion, feature) => {
      const platform = { os, architecture, variant, osVersion, osFeatures: [feature] };
      expect(parsePlatform(formatPlatformAll(platform), host)).toEqual(normalizePlatform(platform, host));
    }),
  );
});

test('Every text is a platform or refused', () => {
  const unit = fc.constantFrom('linux', 'arm', 'v8', '/', '(', ')', '+', '%', '1', ' ');
  fc.assert(
    fc.property(fc.string({ unit }), (text) => {
      try {
        expect(parsePlatform(text, host).os).not.toBe('');
      } catch (error) {
        expect(error).toBeInstanceOf(ValueError);
      }
    }),
  );
});
