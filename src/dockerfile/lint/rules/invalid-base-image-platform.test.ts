import { expect, test } from 'vitest';
import { warningsIfSkipped, warningsOf } from '../testing.ts';
import { invalidBaseImagePlatform } from './invalid-base-image-platform.ts';

function pulled(os: string, architecture: string, variant?: string) {
  const image = { os, architecture, ...(variant !== undefined && { variant }), config: {}, history: [] };
  return { baseImage: () => image };
}

test('an image for another platform than the wanted one is named', () => {
  expect(
    warningsOf(invalidBaseImagePlatform, 'ARG B=debian\nFROM \\\n $B AS a\n', pulled('linux', 'arm', 'v7')),
  ).toEqual([
    '2-3: Base image debian was pulled with platform "linux/arm/v7", expected "linux/amd64" for current build «$B»',
  ]);
  expect(warningsOf(invalidBaseImagePlatform, 'FROM --platform=linux/arm64 a\n', pulled('windows', 'arm64'))).toEqual([
    '1: Base image a was pulled with platform "windows/arm64", expected "linux/arm64" for current build «a»',
  ]);
});

test('the variant of the processor does not matter', () => {
  const text = 'FROM --platform=linux/arm/v7 debian\n';
  expect(warningsOf(invalidBaseImagePlatform, text, pulled('linux', 'arm', 'v6'))).toEqual([]);
});

test.each(['FROM debian\n', 'FROM scratch\n', 'FROM debian AS a\nFROM --platform=linux/arm64 a\n'])(
  'there is nothing to say about %j',
  (text) => {
    expect(warningsOf(invalidBaseImagePlatform, text, pulled('linux', 'amd64'))).toEqual([]);
  },
);

test('there is nothing to say about an image that is not known', () => {
  expect(warningsOf(invalidBaseImagePlatform, 'FROM --platform=linux/arm64 debian\n')).toEqual([]);
});

test('an image that is only copied from is not a base', () => {
  const text = 'FROM scratch\nCOPY --from=debian /a /b\n';
  expect(warningsOf(invalidBaseImagePlatform, text, pulled('linux', 'arm64'))).toEqual([]);
});

test('the rule can be skipped for the file', () => {
  expect(warningsIfSkipped(invalidBaseImagePlatform, 'FROM debian\n', pulled('linux', 'arm64'))).toEqual([]);
});
