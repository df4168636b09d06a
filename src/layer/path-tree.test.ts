import { expect, it } from 'vitest';
import { PathTree } from './path-tree.ts';

function treeOf(...paths: readonly string[]): PathTree<string> {
  const tree = new PathTree<string>();
  for (const path of paths) tree.set(path, `value of ${path}`);
  return tree;
}

const paths = (tree: PathTree<string>): readonly string[] => [...tree.entries()].map(([path]) => path).sort();

it('Values are found by their path, and nothing by others', () => {
  const tree = treeOf('', 'a/b', 'a/b/c');
  expect(['', 'a', 'a/b', 'a/b/c', 'a/b/c/d'].map((path) => tree.get(path))).toEqual([
    ...['value of ', undefined, 'value of a/b', 'value of a/b/c', undefined],
  ]);
});

it('With a path goes all that is below it, and nothing else', () => {
  const tree = treeOf('a', 'a/b', 'a/b/c', 'ab', 'b');
  tree.remove('a');
  tree.remove('nothing/at/all');
  expect(paths(tree)).toEqual(['ab', 'b']);
});

it('Removing one of many takes no longer than removing one of few', { timeout: 5000 }, () => {
  const all = Array.from({ length: 50_000 }, (_, at) => `d${at}`);
  const tree = treeOf(...all);
  for (const path of all) tree.remove(path);
  expect(paths(tree)).toEqual([]);
});
