import { expect, test } from 'vitest';
import { ValueError } from '../../spec/value-error.ts';
import { isAbsolutePath, joinWorkdir, type Workdir } from './path.ts';

test.each([
  ['/', 'a', '/a'],
  ['', 'a', '/a'],
  ['/a', 'b/../c/', '/a/c'],
  ['/a', '..', '/'],
  ['/a', '../../..', '/'],
  ['/a', '', '/a'],
  ['/a', '.', '/a'],
  ['/a', '/b/../c/', '/b/../c/'],
  ['/a', 'b\\c', '/a/b\\c'],
  ['a', 'b', '/a/b'],
])('from %j, WORKDIR %j leads to %j', (current, path, result) => {
  expect(joinWorkdir({ path: current, isClean: false }, path, 'linux').path).toBe(result);
});

test.each([
  ['', 'a', '\\a'],
  ['\\a', 'b/c', '\\a\\b\\c'],
  ['C:\\a', 'b', '\\C:\\a\\b'],
  ['\\a', 'c:\\b\\..\\d', '\\d'],
  ['\\a', 'C:/b/', '\\b'],
  ['\\a', '/b', '\\b'],
])('on Windows from %j, WORKDIR %j leads to %j', (current, path, result) => {
  expect(joinWorkdir({ path: current, isClean: false }, path, 'windows').path).toBe(result);
});

test.each([
  ['//server/share', 'UNC paths are not supported'],
  ['\\\\server\\share', 'UNC paths are not supported'],
  ['c:', 'No relative path specified in "c:"'],
  ['d:\\a', 'The specified path is not on the system drive (C:)'],
  ['ab:c', 'The specified path is not on the system drive (C:)'],
])('on Windows %j is refused', (path, message) => {
  expect(() => joinWorkdir({ path: '\\', isClean: false }, path, 'windows')).toThrow(new ValueError(message));
  expect(isAbsolutePath(path, 'windows')).toBe(false);
});

test('what is absolute depends on the system', () => {
  const paths = ['/a', '\\a', 'c:\\a', 'c:a', 'a', ''];
  expect(paths.filter((path) => isAbsolutePath(path, 'linux'))).toEqual(['/a']);
  expect(paths.filter((path) => isAbsolutePath(path, 'windows'))).toEqual(['/a', '\\a', 'c:\\a']);
});

test('a long chain of relative directories comes to the same, known to be clean or not', () => {
  let known: Workdir = { path: '/', isClean: false };
  let path = '/';
  for (const name of ['a', 'b.c', '..', 'd/', '', './e', '/x//y', 'f', '/g', 'h', '../../..', 'i']) {
    known = joinWorkdir(known, name, 'linux');
    path = joinWorkdir({ path, isClean: false }, name, 'linux').path;
    expect(known.path).toBe(path);
  }
});
