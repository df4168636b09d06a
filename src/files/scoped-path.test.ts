import { describe, expect, it } from 'vitest';
import { resolvePath } from './scoped-path.ts';
import { Folders } from './testing.ts';
import { TreeReader } from './tree-reader.ts';

const files = {
  'a/b/f': '1',
  absolute: '-> /a/b',
  'a/up': '-> ../../../../a/b',
  'a/b/beside': '-> f',
  chain: '-> absolute/beside',
  dangling: '-> nowhere/x',
  'a/root': '-> /',
  'a/dots': '-> b/../../a/./b',
};

describe('resolvePath', () => {
  it.each([
    ['/', '/'],
    ['/a/b/f', '/a/b/f'],
    ['/absolute/f', '/a/b/f'],
    ['/a/up/f', '/a/b/f'],
    ['/chain', '/a/b/f'],
    ['/dangling', '/nowhere/x'],
    ['/dangling/y/../z', '/nowhere/x/z'],
    ['/a/root/a', '/a'],
    ['/a/dots/beside', '/a/b/f'],
    ['/absolute/..', '/a'],
    ['/../../a', '/a'],
    ['/absolute/', '/a/b'],
  ])('resolves %s to %s', (path, resolved) => {
    using folders = new Folders(files);
    expect(resolvePath(new TreeReader(folders.tree()), path, { followLast: true })).toBe(resolved);
  });

  it('leaves the last name alone if it is told to', () => {
    using folders = new Folders(files);
    const reader = new TreeReader(folders.tree());
    expect(resolvePath(reader, '/absolute/beside', { followLast: false })).toBe('/a/b/beside');
  });

  it('does not go below a file', () => {
    using folders = new Folders(files);
    const reader = new TreeReader(folders.tree());
    expect(() => resolvePath(reader, '/a/b/f/g', { followLast: true })).toThrow('lstat /a/b/f: not a directory');
  });
});
