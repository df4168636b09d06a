import { expect, test } from 'vitest';
import { environmentOf, evaluateText, imageOf, problemsOf } from './testing.ts';

function imagesOf(text: string, options?: Parameters<typeof evaluateText>[1]): readonly string[] {
  return evaluateText(text, { allStages: true, ...options }).images.map((image) =>
    image.replace('docker.io/library/', ''),
  );
}

test('FROM uses global arguments: the default, or the build argument', () => {
  expect(imagesOf('ARG TAG=1\nFROM x:$TAG\n')).toEqual(['x:1']);
  expect(imagesOf('ARG TAG=1\nFROM x:$TAG\n', { buildArgs: { TAG: '2' } })).toEqual(['x:2']);
  expect(imagesOf('ARG TAG\nFROM x:${TAG:-3}\n')).toEqual(['x:3']);
  expect(imagesOf('ARG TAG=\nFROM x:a${TAG-b}\n')).toEqual(['x:a']);
});

test('a build argument without ARG is not known', () => {
  expect(imagesOf('FROM x:${TAG:-3}\n', { buildArgs: { TAG: '2' } })).toEqual(['x:3']);
});

test('defaults use the arguments before them, the last declaration wins', () => {
  expect(imagesOf('ARG A=1\nARG B=$A.2 C=$B.3\nFROM x:$C\n')).toEqual(['x:1.2.3']);
  expect(imagesOf('ARG A=1\nARG A=$A.2\nFROM x:$A\n')).toEqual(['x:1.2']);
  expect(imagesOf('ARG A=1\nARG A\nFROM x:$A\n')).toEqual(['x:1']);
});

test('platforms are there without ARG', () => {
  const platforms = {
    buildPlatform: { os: 'linux', architecture: 'amd64' },
    targetPlatform: { os: 'linux', architecture: 'arm', variant: 'v7' },
  };
  const names = ['PLATFORM', 'OS', 'OSVERSION', 'ARCH', 'VARIANT'];
  const ofAll = (prefix: string) => `ENV ${prefix}S="${names.map((name) => `$${prefix}${name}`).join(',')}"`;
  const declared = names.map((name) => `ARG TARGET${name} BUILD${name}\n`).join('');
  expect(environmentOf(`FROM scratch\n${declared}${ofAll('TARGET')}\n${ofAll('BUILD')}\n`, platforms)).toEqual([
    'TARGETS=linux/arm/v7,linux,,arm,v7',
    'BUILDS=linux/amd64,linux,,amd64,',
  ]);
  expect(imagesOf('FROM x:$TARGETARCH$TARGETVARIANT\nFROM x:$BUILDOS\n', platforms)).toEqual(['x:armv7', 'x:linux']);
});

test('build arguments and ARG override the platform, but not the platform of the image', () => {
  expect(imagesOf('FROM x:$TARGETARCH\n', { buildArgs: { TARGETARCH: 'mine' } })).toEqual(['x:mine']);
  expect(imagesOf('ARG TARGETARCH=mine\nFROM x:$TARGETARCH\n')).toEqual(['x:mine']);
  expect(imageOf('FROM x\n', { buildArgs: { TARGETARCH: 'mine' } }).architecture).toBe('amd64');
});

test('TARGETARCH does not follow the platform of FROM', () => {
  const text = 'FROM --platform=linux/arm64 scratch\nARG TARGETARCH\nENV A=$TARGETARCH\n';
  expect(environmentOf(text)).toEqual(['A=amd64']);
});

test('TARGETSTAGE is the name of the stage that is wanted, as asked for', () => {
  const text = 'FROM scratch AS a\nARG TARGETSTAGE\nENV A=$TARGETSTAGE\nFROM a AS b\n';
  expect(environmentOf(text)).toEqual(['A=b']);
  expect(environmentOf(text, { target: 'A' })).toEqual(['A=A']);
  expect(environmentOf(`${text}FROM a\n`)).toEqual(['A=default']);
});

test('a mistake in a default is found before any stage', () => {
  expect(problemsOf('ARG A=1 B=x${\nFROM $C\n')).toEqual([
    'substitution 1: failed to process "x${": syntax error: missing \'}\' «B=x${»',
  ]);
});
