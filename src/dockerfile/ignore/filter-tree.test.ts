import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filterTree, type Tree, type TreeEntry } from './filter-tree.ts';
import { createIgnoreMatcher, type DirectoryMatch, type IgnoreMatcher } from './matcher.ts';

/** A tree from paths, those of directories with a trailing slash; remembers which directories were read. */
function createTree(paths: readonly string[]): Tree & { readonly read: string[] } {
  const directories = new Map<string, Map<string, TreeEntry>>([['', new Map()]]);
  for (const path of paths) {
    const names = path.replace(/\/$/, '').split('/');
    let parent = '';
    for (const [index, name] of names.entries()) {
      const entries = directories.get(parent);
      const directory = index < names.length - 1 || path.endsWith('/') || entries?.get(name)?.directory === true;
      entries?.set(name, { name, directory });
      parent = parent === '' ? name : `${parent}/${name}`;
      if (directory && !directories.has(parent)) directories.set(parent, new Map());
    }
  }
  const read: string[] = [];
  return {
    read,
    children: (path) => {
      read.push(path);
      return [...(directories.get(path)?.values() ?? [])].reverse();
    },
  };
}

function walk(tree: Tree, patterns: readonly string[]): readonly string[] {
  return Array.from(
    filterTree(tree, createIgnoreMatcher(patterns)),
    ({ path, entry }) => `${path}${entry.directory ? '/' : ''}`,
  );
}

describe('filterTree', () => {
  const paths = ['a/b/c', 'a/d', 'e/', 'f', 'g/h'];

  it.each<[title: string, patterns: readonly string[], kept: readonly string[]]>([
    ['keeps everything without patterns', [], ['a/', 'a/b/', 'a/b/c', 'a/d', 'e/', 'f', 'g/', 'g/h']],
    ['leaves out excluded directories', ['a', 'e'], ['f', 'g/', 'g/h']],
    ['keeps a directory that lost its content', ['g/*'], ['a/', 'a/b/', 'a/b/c', 'a/d', 'e/', 'f', 'g/']],
    ['brings directories back with what is in them', ['*', '!a/b/c'], ['a/', 'a/b/', 'a/b/c']],
    ['brings the content of a directory back with it', ['*', '!a/b'], ['a/', 'a/b/', 'a/b/c']],
    ['brings an empty directory back', ['*', '!e'], ['e/']],
    ['brings nothing back for an exception that is nowhere', ['*', '!a/x'], []],
    ['keeps what an exception with a wildcard reaches', ['**', '!**/h'], ['g/', 'g/h']],
  ])('%s', (_, patterns, kept) => {
    expect(walk(createTree(paths), patterns)).toEqual(kept);
  });

  it('does not read excluded directories that no exception reaches', () => {
    const tree = createTree(paths);
    walk(tree, ['*', '!a/b']);
    expect(tree.read).toEqual(['', 'a', 'a/b']);
  });

  it('reads excluded directories as soon as an exception has a wildcard', () => {
    const tree = createTree(paths);
    walk(tree, ['*', '!?/d']);
    expect(tree.read).toEqual(['', 'a', 'a/b', 'e', 'g']);
  });

  it('sorts names as Go sorts their bytes', () => {
    expect(walk(createTree(['😀', '\uff5e', 'é', 'b', 'B', 'a-', 'a/']), [])).toEqual([
      'B',
      'a/',
      'a-',
      'b',
      'é',
      '\uff5e',
      '😀',
    ]);
  });

  it('gives back the entries of the tree', () => {
    const entry = { name: 'a', directory: false, size: 1 };
    const kept = [...filterTree({ children: () => [entry] }, createIgnoreMatcher([]))];
    expect(kept[0]?.entry).toBe(entry);
  });

  it('throws for a pattern that only fails in use', () => {
    expect(() => walk(createTree(paths), ['[z-a]'])).toThrow('syntax error in pattern');
  });

  it('walks deep trees', () => {
    const path = Array.from({ length: 3000 }, () => 'a').join('/');
    expect(walk(createTree([path]), ['**', '!**/b'])).toEqual([]);
    expect(walk(createTree([path]), ['b'])).toHaveLength(3000);
  });
});

describe('a walk', () => {
  const name = fc.constantFrom('a', 'b', 'ab', '.x');
  const treePaths = fc.array(
    fc
      .tuple(fc.array(name, { minLength: 1, maxLength: 4 }), fc.constantFrom('', '/'))
      .map(([names, end]) => names.join('/') + end),
    { maxLength: 12 },
  );
  const pattern = fc
    .array(fc.constantFrom('a', 'b', 'ab', '.x', '*', '**', '?', 'a*', '[ab]', '[^a]'), { minLength: 1, maxLength: 4 })
    .map((names) => names.join('/'));
  const patterns = fc.array(
    fc.tuple(fc.constantFrom('', '!'), pattern).map(([mark, text]) => mark + text),
    { maxLength: 5 },
  );

  /** The walk without any pruning: asks for every path, then adds the directories above what is kept. */
  function unpruned(tree: Tree, matcher: IgnoreMatcher): ReadonlySet<string> {
    const kept = new Set<string>();
    function visit(path: string, match: DirectoryMatch, above: readonly string[]): void {
      for (const entry of tree.children(path)) {
        const child = path === '' ? entry.name : `${path}/${entry.name}`;
        const entered = matcher.enter(match, child);
        if (!entered.excluded) for (const each of [...above, child]) kept.add(each);
        if (entry.directory) visit(child, entered.match, [...above, child]);
      }
    }
    visit('', matcher.root(), []);
    return kept;
  }

  it('loses nothing by pruning, and yields parents first and nothing twice', () => {
    fc.assert(
      fc.property(treePaths, patterns, (paths, list) => {
        const tree = createTree(paths);
        const matcher = createIgnoreMatcher(list);
        const walked = Array.from(filterTree(tree, matcher), ({ path }) => path);
        expect(new Set(walked)).toEqual(unpruned(tree, matcher));
        expect(new Set(walked).size).toBe(walked.length);
        for (const [index, path] of walked.entries()) {
          const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
          expect(parent === '' || walked.slice(0, index).includes(parent)).toBe(true);
        }
      }),
    );
  });

  it('agrees with matches about every path if there are no exceptions', () => {
    fc.assert(
      fc.property(treePaths, fc.array(pattern, { maxLength: 5 }), (paths, list) => {
        const tree = createTree(paths);
        const matcher = createIgnoreMatcher(list);
        const walked = Array.from(filterTree(tree, matcher), ({ path }) => path);
        const everything = Array.from(filterTree(tree, createIgnoreMatcher([])), ({ path }) => path);
        expect(walked).toEqual(everything.filter((path) => !matcher.matches(path)));
      }),
    );
  });

  it('asks the same questions as matches where nothing is known of the directories', () => {
    fc.assert(
      fc.property(treePaths, patterns, (paths, list) => {
        const matcher = createIgnoreMatcher(list);
        for (const path of paths) expect(matcher.enter(matcher.root(), path).excluded).toBe(matcher.matches(path));
      }),
    );
  });
});
