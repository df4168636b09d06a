import { describe, expect, it } from 'vitest';
import { instructionOf, mistake } from './testing.ts';

describe('FROM', () => {
  it('has a base', () => {
    expect(instructionOf('from', 'FROM a:b@c')).toMatchObject({
      base: { value: 'a:b@c' },
      name: '',
      as: undefined,
      platform: { value: '' },
      description: '',
    });
  });

  it('has a name in lower case, and the words as written', () => {
    expect(instructionOf('from', 'from a aS Build-1.x_Y')).toMatchObject({
      base: { value: 'a' },
      name: 'build-1.x_y',
      as: { keyword: { value: 'aS' }, name: { value: 'Build-1.x_Y' } },
    });
  });

  it('has a platform', () => {
    expect(instructionOf('from', 'FROM --platform=$BUILDPLATFORM a').platform.value).toBe('$BUILDPLATFORM');
  });

  it.each([
    ['# x is good\n# build makes it\nFROM a AS Build', 'makes it'],
    ['# build  a\n# build b\nFROM a AS build', ' a'],
    ['# builds\n# build\nFROM a AS build', ''],
    ['# build a\nFROM a', ''],
    ['# Build a\nFROM a AS Build', ''],
  ])('has the description that a comment gives: %j', (text, description) => {
    expect(instructionOf('from', text).description).toBe(description);
  });

  it.each([
    ['FROM', 'argument-count: FROM requires either one or three arguments «FROM»'],
    ['FROM a b', 'argument-count: FROM requires either one or three arguments «FROM»'],
    ['FROM a AS', 'argument-count: FROM requires either one or three arguments «FROM»'],
    ['FROM a IS b', 'argument-count: FROM requires either one or three arguments «FROM»'],
    ['FROM a AS b c', 'argument-count: FROM requires either one or three arguments «FROM»'],
    [
      'FROM a AS 1b',
      'stage-name: invalid name for build stage: "1b", name can\'t start with a number or contain symbols «1b»',
    ],
    [
      'FROM a AS B$c',
      'stage-name: invalid name for build stage: "B$c", name can\'t start with a number or contain symbols «B$c»',
    ],
    [
      'FROM --a=b a AS é',
      'stage-name: invalid name for build stage: "é", name can\'t start with a number or contain symbols «é»',
    ],
    ['FROM --platfrom=a b', 'flag-unknown: unknown flag: --platfrom (did you mean platform?) «--platfrom=a»'],
    ['FROM --platform a', 'flag-without-value: missing a value on flag: --platform «--platform»'],
    ['FROM --platform=a --platform=b c', 'flag-repeated: duplicate flag specified: --platform «--platform=b»'],
    ['FROM --a', 'argument-count: FROM requires either one or three arguments «FROM»'],
  ])('refuses %j', (text, expected) => {
    expect(mistake(text)).toBe(expected);
  });
});
