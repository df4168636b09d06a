import { describe, expect, test } from 'vitest';
import type { Platform } from '../../spec/platform.ts';
import { configOf, environmentOf, evaluateText, imageOf, problemsOf } from './testing.ts';

test('a base is a stage if one of just that name came before, else an image', () => {
  const text = 'FROM x AS base\nENV A=1\nFROM base AS next\nFROM next\n';
  expect(evaluateText(text).images).toEqual(['docker.io/library/x:latest']);
  expect(environmentOf(text)).toEqual(['A=1']);
  expect(evaluateText('FROM next AS base\nFROM x AS next\nFROM base\n').images).toEqual([
    'docker.io/library/next:latest',
  ]);
});

test('a stage hides an image of its name, also from the stage itself on', () => {
  expect(evaluateText('FROM debian AS debian\nFROM debian\n').images).toEqual(['docker.io/library/debian:latest']);
});

test('of stages with the same name the last one before counts', () => {
  const text = 'FROM x AS a\nENV A=1\nFROM y AS a\nENV A=2\nFROM a\nENV B=$A\nFROM z AS a\n';
  expect(environmentOf(text.replace('FROM z AS a\n', ''))).toEqual(['A=2', 'B=2']);
  expect(environmentOf(text, { target: 'a' })).toEqual([]);
});

test('names are lower case, and only FROM minds', () => {
  expect(environmentOf('FROM x AS Base\nENV A=1\nFROM base\n')).toEqual(['A=1']);
  expect(problemsOf('FROM x AS Base\nFROM Base\n')).toEqual([
    'base-reference 2: failed to parse stage name "Base": invalid reference format: repository name (library/Base) must be lowercase «Base»',
  ]);
});

test('a number is a name to FROM, not an index', () => {
  expect(evaluateText('FROM x\nFROM 0\n').images).toEqual(['docker.io/library/0:latest']);
});

test('scratch is no image, even if a stage comes before that has the name', () => {
  expect(evaluateText('FROM scratch\n').images).toEqual([]);
  expect(configOf('FROM scratch\n')).toEqual({
    Env: ['PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'],
    WorkingDir: '/',
  });
});

test('the base must not be blank', () => {
  expect(problemsOf('ARG A\nFROM \\\n $A AS a\nFROM "" AS b\n')).toEqual([
    'base-blank 2-3: base name ($A) should not be blank «$A»',
    'base-blank 4: base name ("") should not be blank «""»',
  ]);
});

test('a base that is no reference is a mistake even where the stage is not needed', () => {
  expect(problemsOf('FROM x: AS a\nFROM scratch\n')).toEqual([
    'base-reference 1: failed to parse stage name "x:": invalid reference format «x:»',
  ]);
});

test('a mistake in a word of FROM is placed in it', () => {
  expect(problemsOf('FROM x${A:~}\n')).toEqual([
    'substitution 1: failed to process "x${A:~}": unsupported modifier (:~) in substitution «:~}»',
  ]);
});

describe('platforms', () => {
  test('a stage has the one of its flag, else that of the target', () => {
    const asked: unknown[] = [];
    const baseImage = (reference: string, { os, architecture, variant }: Platform) => {
      asked.push([reference.replace('docker.io/library/', ''), os, architecture, variant]);
      return undefined;
    };
    const text = 'FROM --platform=$BUILDPLATFORM a\nFROM --platform=arm b\nFROM --platform=linux/arm64/v8 c\nFROM d\n';
    const targetPlatform = { os: 'linux', architecture: 's390x' };
    evaluateText(text, { allStages: true, targetPlatform, baseImage });
    expect(asked).toEqual([
      ['a:latest', 'linux', 'amd64', undefined],
      ['b:latest', 'linux', 'arm', undefined],
      ['c:latest', 'linux', 'arm64', 'v8'],
      ['d:latest', 'linux', 's390x', undefined],
    ]);
  });

  test('a stage that is based on another one has the platform of that', () => {
    const text = 'FROM --platform=linux/arm64 x AS a\nFROM --platform=linux/s390x a\n';
    expect(imageOf(text)).toMatchObject({ os: 'linux', architecture: 'arm64' });
  });

  test('scratch has that of the target', () => {
    expect(imageOf('FROM --platform=linux/arm64 scratch\n')).toMatchObject({ architecture: 'amd64' });
  });

  test.each([
    ['$NOPE', 'empty platform value from expression $NOPE'],
    ['$TARGETPLATFROM', 'empty platform value from expression $TARGETPLATFROM (did you mean TARGETPLATFORM?)'],
    [
      'linux/$ARHC',
      'failed to parse platform linux/$ARHC: "" is an invalid component of "linux/": platform specifier component must match "^[A-Za-z0-9_.-]+$": invalid argument',
    ],
    ['a/b/c/d', 'failed to parse platform a/b/c/d: "a/b/c/d": cannot parse platform specifier: invalid argument'],
    ['nope', 'failed to parse platform nope: "nope": unknown operating system or architecture: invalid argument'],
  ])('--platform=%s is refused', (platform, message) => {
    expect(problemsOf(`FROM --platform=${platform} x\n`)).toEqual([`platform 1: ${message} «--platform=${platform}»`]);
  });
});
