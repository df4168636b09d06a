import fc from 'fast-check';
import { posix } from 'node:path';
import { expect, test } from 'vitest';
import { cleanPath, joinPath, parentPath } from './slash-path.ts';

test.each([
  ['', '.'],
  ['/', '/'],
  ['//a//b/', '/a/b'],
  ['a/./b/..', 'a'],
  ['a/..', '.'],
  ['../a', '../a'],
  ['a/../../b', '../b'],
  ['/../a', '/a'],
])('%j is cleaned to %j', (path, clean) => {
  expect(cleanPath(path)).toBe(clean);
});

test('Empty parts are left out of a joined path', () => {
  expect(joinPath('', 'a', '', 'b')).toBe('a/b');
  expect(joinPath('', '')).toBe('');
  expect(joinPath('/', '')).toBe('/');
});

test('A clean path means what the system takes it to mean', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '.', '/') }), (path) => {
      const expected = posix.normalize(path);
      expect(cleanPath(path)).toBe(expected.length > 1 ? expected.replace(/\/$/, '') : expected);
    }),
  );
});

test.each([
  ['', '.'],
  ['a', '.'],
  ['a/b/c', 'a/b'],
  ['/a', '/'],
  ['a//b', 'a'],
  ['../a', '..'],
])('The parent of %j is %j', (path, parent) => {
  expect(parentPath(path)).toBe(parent);
});
