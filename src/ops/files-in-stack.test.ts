import { mkdirSync } from 'node:fs';
import process from 'node:process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { childPath } from '../files/binary-path.ts';
import { TreeReader } from '../files/tree-reader.ts';
import { makeTree, TestFolder, type Tree } from '../layer/testing.ts';
import { parentPath } from '../spec/slash-path.ts';
import { mountFlags, unmount } from '../system/mount.ts';
import { mountOverlay } from '../system/overlay.ts';
import { FilesInStack } from './files-in-stack.ts';

const names = ['a', 'b', 'é'] as const;
const paths = names.flatMap((one) => [
  one,
  ...names.flatMap((two) => [`${one}/${two}`, ...names.map((three) => `${one}/${two}/${three}`)]),
]);
const kinds = ['/', '/', '/!', '!', 'content', 'p', '-> a'] as const;

const anyLayer: fc.Arbitrary<Tree> = fc
  .uniqueArray(fc.tuple(fc.constantFrom(...paths), fc.constantFrom(...kinds)), { selector: ([path]) => path })
  .map((wanted) => {
    const tree: Record<string, string> = {};
    for (const [path, what] of wanted.toSorted(([a], [b]) => a.length - b.length)) {
      const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
      if (parent === '' || tree[parent]?.startsWith('/')) tree[path] = what;
    }
    return tree;
  });

/** All that a reader says. */
function describeAll(reader: TreeReader, path = '/'): readonly string[] {
  const stat = reader.stat(path);
  if (!stat) return [`${path} is not there`];
  const { mode, size, mtimeNs } = stat;
  const what = `${path} ${mode.toString(8)} ${mtimeNs.toString()} ${stat.isDirectory() ? '' : size.toString()}`;
  const link = stat.isSymbolicLink() ? reader.readLink(path) : '';
  const inner = stat.isDirectory() ? reader.children(path) : [];
  const children = inner.map(({ name, isDirectory }) => `${name} ${isDirectory}`).join();
  return [`${what} ${link} ${children}`, ...inner.flatMap(({ name }) => describeAll(reader, childPath(path, name)))];
}

describe.skipIf(process.getuid?.() !== 0)('the files of a stack', () => {
  it('are those of an overlay', () => {
    fc.assert(
      fc.property(fc.array(anyLayer, { minLength: 2, maxLength: 4 }), (layers) => {
        using folder = new TestFolder();
        const directories = layers.map((layer, index) => {
          makeTree(folder.join(String(index)), layer);
          return folder.join(String(index));
        });
        const target = folder.join('target');
        mkdirSync(target);
        mountOverlay({ lowers: directories, target, userXattr: false });
        try {
          const stack = new FilesInStack(directories);
          const here = new TreeReader({ root: '/nowhere', kind: 'snapshot', stack });
          const mounted = new TreeReader({ root: target, kind: 'snapshot' });
          expect(describeAll(here)).toEqual(describeAll(mounted));
          // In no particular order, and also what is not there.
          for (const path of paths.map((one) => `/${Buffer.from(one).toString('latin1')}`)) {
            if (stack.stat(parentPath(path))?.isDirectory() !== true) continue;
            expect(new FilesInStack(directories).stat(path)?.mode).toBe(mounted.stat(path)?.mode);
          }
        } finally {
          unmount(target, mountFlags.MNT_DETACH);
        }
      }),
      { numRuns: 200 },
    );
  });
});
