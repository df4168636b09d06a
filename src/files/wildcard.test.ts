import { describe, expect, it } from 'vitest';
import { createWildcard, hasWildcards } from './wildcard.ts';

describe('createWildcard', () => {
  it.each<[pattern: string, path: string, matches: boolean]>([
    ['abc', 'abc', true],
    ['*', 'abc', true],
    ['*c', 'abc', true],
    ['a*', 'a', true],
    ['a*', 'ab/c', false],
    ['a*/b', 'abc/b', true],
    ['a*/b', 'a/c/b', false],
    ['a*b*c*d*e*', 'axbxcxdxexxx', true],
    ['a*b?c*x', 'abxbbxdbxebxczzx', true],
    ['a*b?c*x', 'abxbbxdbxebxczzy', false],
    ['ab[c]', 'abc', true],
    ['ab[b-d]', 'abc', true],
    ['ab[e-g]', 'abc', false],
    ['ab[^c]', 'abc', false],
    ['ab[^e-g]', 'abc', true],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'ab', false],
    ['a?b', 'a☺b', true],
    ['a[^a]b', 'a☺b', true],
    ['a???b', 'a☺b', false],
    ['[a-ζ]*', 'α', true],
    ['*[a-ζ]', 'A', false],
    ['a?b', 'a/b', false],
    ['a*b', 'a/b', false],
    ['[\\]a]', ']', true],
    ['[x\\-]', '-', true],
    ['*x', 'xxx', true],
    ['a[/]b', 'a/b', true],
    ['a[^x]b', 'a/b', true],
  ])('%j and %j: %s', (pattern, path, matches) => {
    expect(createWildcard(pattern)?.matches(path)).toBe(matches);
  });

  it.each(['[]a]', '[-]', '[x-]', '[-x]', '[a-b-c]', '[', '[^', '[^bc', 'a[', '\\', '[\\', '[a-\\'])(
    'finds %j malformed',
    (pattern) => {
      expect(createWildcard(pattern)).toBeUndefined();
    },
  );
});

describe('hasWildcards', () => {
  it.each([
    ['a/b', false],
    ['a*', true],
    ['a/?', true],
    ['[a', true],
    ['a\\*', false],
    ['a\\\\*', true],
    ['a\\', false],
  ])('%j: %s', (path, expected) => {
    expect(hasWildcards(path)).toBe(expected);
  });
});
