import { expect, test } from 'vitest';
import { Source } from '../../diagnostic/source.ts';
import { ValueError } from '../../spec/value-error.ts';
import type { Comment } from '../parser/ast.ts';
import { defaultLintOptions, mergeComments, parseLintOptions } from './options.ts';

const none = new Set<string>();

test.each([
  ['', defaultLintOptions],
  [' \t', defaultLintOptions],
  ['skip=A', { skip: new Set(['A']), experimental: none, error: false }],
  ['skip=A,B', { skip: new Set(['A', 'B']), experimental: none, error: false }],
  [' skip = A , B ', { skip: new Set(['A', 'B']), experimental: none, error: false }],
  ['skip=all', { skip: 'all', experimental: none, error: false }],
  ['skip=all,A', { skip: new Set(['all', 'A']), experimental: none, error: false }],
  ['skip=', { skip: new Set(['']), experimental: none, error: false }],
  ['experimental=A', { skip: none, experimental: new Set(['A']), error: false }],
  ['experimental=all', { skip: none, experimental: 'all', error: false }],
  ['error=true', { skip: none, experimental: none, error: true }],
  ['error= 1 ', { skip: none, experimental: none, error: true }],
  ['error=F', { skip: none, experimental: none, error: false }],
  ['skip=A;experimental=B;error=true', { skip: new Set(['A']), experimental: new Set(['B']), error: true }],
  ['error=true;error=false', { skip: none, experimental: none, error: false }],
  ['skip=A;skip=B', { skip: new Set(['B']), experimental: none, error: false }],
])('%j is read', (text, options) => {
  expect(parseLintOptions(text)).toEqual(options);
});

test.each([
  ['skip', 'invalid check option "skip"'],
  ['skip=A;', 'invalid check option ""'],
  ['Skip=A', 'invalid check option "Skip"'],
  ['skip=A;  other = 1', 'invalid check option "other"'],
  ['error=yes', 'failed to parse check option "error=yes": strconv.ParseBool: parsing "yes": invalid syntax'],
  ['error=', 'failed to parse check option "error=": strconv.ParseBool: parsing "": invalid syntax'],
  [
    'skip=A;skip=B;error=true;skip=C',
    'failed to parse check option "error=true;skip=C": strconv.ParseBool: parsing "true;skip=C": invalid syntax',
  ],
])('%j is refused', (text, message) => {
  expect(() => parseLintOptions(text)).toThrow(new ValueError(message));
});

function comments(...texts: readonly string[]): readonly Comment[] {
  const source = new Source('Dockerfile', '');
  return texts.map((value) => ({ value, span: { source, start: 0, end: 0 } }));
}

const ofFile = parseLintOptions('skip=A;experimental=B;error=true');

test('comments add to the options of the file', () => {
  expect(mergeComments(ofFile, comments('check=skip=C;experimental=D'))).toEqual({
    skip: new Set(['A', 'C']),
    experimental: new Set(['B', 'D']),
    error: true,
  });
  expect(mergeComments(ofFile, comments('check=skip=all'))).toEqual({ ...ofFile, skip: 'all' });
  expect(mergeComments(parseLintOptions('skip=all'), comments('check=skip=C')).skip).toBe('all');
});

test('comments cannot change whether warnings are errors', () => {
  expect(mergeComments(ofFile, comments('check=error=false')).error).toBe(true);
  expect(mergeComments(defaultLintOptions, comments('check=error=true')).error).toBe(false);
});

test('only the first check= among the comments counts', () => {
  const merged = mergeComments(defaultLintOptions, comments('text', 'syntax=x', 'Check = skip=C', 'check=skip=D'));
  expect(merged.skip).toEqual(new Set(['C']));
});

test('options in a comment end at a blank', () => {
  expect(mergeComments(defaultLintOptions, comments('check=skip=C,D because we must')).skip).toEqual(
    new Set(['C', 'D']),
  );
  expect(mergeComments(defaultLintOptions, comments('check=skip=C, D')).skip).toEqual(new Set(['C', '']));
});

test('a mistake in a comment leaves the options as they are', () => {
  expect(mergeComments(ofFile, comments('check=skip', 'check=skip=C'))).toBe(ofFile);
  expect(mergeComments(ofFile, comments())).toBe(ofFile);
  expect(mergeComments(ofFile, comments('nothing to check'))).toBe(ofFile);
});
