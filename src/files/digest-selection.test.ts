import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makeNode } from '../system/node.ts';
import { setXattr } from '../system/xattr.ts';
import { digestSelection } from './digest-selection.ts';
import type { SourceSelector } from './select-sources.ts';
import type { StatIndex } from './stat-index.ts';
import { copyAction, Folders, isRoot, makeFiles } from './testing.ts';
import type { Tree } from './tree.ts';

const files = { 'd/f': '1', 'd/e/g': '2', 'd/l': '-> f', other: '3' };

async function digest(tree: Tree, selector: Partial<SourceSelector>, index?: StatIndex): Promise<string> {
  return digestSelection({ tree, selector: copyAction('/d', '/', selector), index });
}

const whatItIsByThen: readonly (readonly [title: string, change: (file: string) => void])[] = [
  [
    'a pipe',
    (file) => {
      makeNode(file, 0o010644, 0, 0);
    },
  ],
  [
    'a link',
    (file) => {
      symlinkSync('../other', file);
    },
  ],
  [
    'a directory',
    (file) => {
      mkdirSync(file);
    },
  ],
  ['gone', () => undefined],
];

describe.each([10, 2_000_000])('a file of %i bytes that is something else when it is read', (size) => {
  it.each(whatItIsByThen)('is not taken: %s', async (_, change) => {
    using folders = new Folders(files);
    const file = join(folders.context, 'd/f');
    writeFileSync(file, Buffer.alloc(size));
    // It is asked for after the file was looked at, and before it is read.
    const index: StatIndex = {
      get: (path) => {
        if (path !== file) return undefined;
        rmSync(file);
        change(file);
        return undefined;
      },
      set: () => undefined,
    };
    await expect(digest(folders.tree(), {}, index)).rejects.toThrow('"/d/f" changed while');
  });
});

describe('digestSelection', () => {
  it.each<[title: string, change: (context: string) => void]>([
    [
      'content',
      (context) => {
        writeFileSync(join(context, 'd/f'), 'x');
      },
    ],
    [
      'permissions',
      (context) => {
        chmodSync(join(context, 'd/f'), 0o600);
      },
    ],
    [
      'permissions of the directory',
      (context) => {
        chmodSync(join(context, 'd'), 0o700);
      },
    ],
    [
      'a name',
      (context) => {
        renameSync(join(context, 'd/f'), join(context, 'd/F'));
      },
    ],
    [
      'a file more',
      (context) => {
        writeFileSync(join(context, 'd/e/h'), '');
      },
    ],
    [
      'a file less',
      (context) => {
        rmSync(join(context, 'd/e/g'));
      },
    ],
    [
      'what a link says',
      (context) => {
        rmSync(join(context, 'd/l'));
        symlinkSync('e', join(context, 'd/l'));
      },
    ],
    [
      'an extended attribute',
      (context) => {
        setXattr(join(context, 'd/f'), 'user.kiln', Buffer.from('1'));
      },
    ],
  ])('notices %s', async (_, change) => {
    using folders = new Folders(files);
    const before = await digest(folders.tree(), {});
    change(folders.context);
    expect(await digest(folders.tree(), {})).not.toBe(before);
  });

  it.each<[title: string, change: (context: string) => void]>([
    [
      'times',
      (context) => {
        utimesSync(join(context, 'd/f'), 1, 1);
      },
    ],
    [
      'what is not selected',
      (context) => {
        writeFileSync(join(context, 'other'), 'x');
      },
    ],
    [
      'the name of the source',
      (context) => {
        renameSync(join(context, 'd'), join(context, 'e'));
      },
    ],
    [
      'the inode',
      (context) => {
        rmSync(join(context, 'd/f'));
        makeFiles(context, { 'd/f': '1' });
      },
    ],
  ])('does not notice %s', async (title, change) => {
    using folders = new Folders(files);
    const before = await digest(folders.tree(), {});
    change(folders.context);
    const selector = title === 'the name of the source' ? { source: '/e' } : {};
    expect(await digest(folders.tree(), selector)).toBe(before);
  });

  it('notices the name of what a wildcard matches', async () => {
    using folders = new Folders({ 'a.txt': '1' });
    const before = await digest(folders.tree(), { source: '/*.txt' });
    renameSync(join(folders.context, 'a.txt'), join(folders.context, 'b.txt'));
    expect(await digest(folders.tree(), { source: '/*.txt' })).not.toBe(before);
  });

  it('follows a source that is a link', async () => {
    using folders = new Folders({ f: '1', l: '-> f' });
    expect(await digest(folders.tree(), { source: '/l' })).toBe(await digest(folders.tree(), { source: '/f' }));
  });

  it('does not see what is ignored or excluded', async () => {
    using folders = new Folders(files);
    const excluded = await digest(folders.tree(), { excludes: ['e'] });
    expect(await digest(folders.tree('d/e'), {})).toBe(excluded);
    rmSync(join(folders.context, 'd/e'), { recursive: true });
    expect(await digest(folders.tree(), {})).toBe(excluded);
  });

  it.skipIf(!isRoot)('counts owners of a snapshot, but not of a context', async () => {
    using folders = new Folders(files);
    const snapshot = { root: folders.context, kind: 'snapshot' as const };
    const [context, owned] = [await digest(folders.tree(), {}), await digest(snapshot, {})];
    chownSync(join(folders.context, 'd/f'), 1, 1);
    expect(await digest(folders.tree(), {})).toBe(context);
    expect(await digest(snapshot, {})).not.toBe(owned);
  });

  it('says what is missing', async () => {
    using folders = new Folders(files);
    for (const selector of [{ source: '/d/x' }, { source: '/d/./x', parents: true }]) {
      await expect(digest(folders.tree(), selector)).rejects.toThrow('"/d/x": not found');
    }
    const request = { tree: folders.tree(), selector: { path: '/x' }, index: undefined };
    await expect(digestSelection(request)).rejects.toThrow('"/x": not found');
  });

  it('asks the index instead of reading, and tells it what it read', async () => {
    using folders = new Folders(files);
    const known = new Map<string, string>();
    const asked: string[] = [];
    const index: StatIndex = {
      get: (path) => {
        asked.push(path);
        return known.get(path);
      },
      set: (path, _, value) => known.set(path, value),
    };
    const first = await digest(folders.tree(), {}, index);
    expect([...known.keys()]).toEqual([join(folders.context, 'd/e/g'), join(folders.context, 'd/f')]);
    writeFileSync(join(folders.context, 'd/f'), 'x');
    expect(await digest(folders.tree(), {}, index)).toBe(first);
    expect(asked).toHaveLength(4);
  });

  it.skipIf(!isRoot)('is the same of a tree and of its copy', async () => {
    const name = fc.stringMatching(/^[a-c]{1,2}$/);
    const what = fc.oneof(
      fc.string({ maxLength: 20 }),
      fc.constant('/'),
      fc.constant('-> ../a/b'),
      fc.constant('fifo'),
    );
    const paths = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/'));
    const mode = fc.nat(0o7777);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(paths, what, mode), { maxLength: 12 }), async (entries) => {
        using folders = new Folders();
        for (const [path, content, bits] of entries) addEntry(folders.context, path, content, bits);
        const source = { root: folders.context, kind: 'snapshot' as const };
        await folders.run([copyAction('/', '/copy')], { inputs: [undefined, source] });
        const copy = { root: folders.root, kind: 'snapshot' as const };
        expect(
          await digestSelection({
            tree: { ...copy, root: join(folders.root, 'copy') },
            selector: { path: '/' },
            index: undefined,
          }),
        ).toBe(await digestSelection({ tree: source, selector: { path: '/' }, index: undefined }));
      }),
      { numRuns: 60 },
    );
  });
});

/** Adds something where there is room for it. */
function addEntry(root: string, path: string, what: string, bits: number): void {
  const names = path.split('/');
  // Not even below a link or a fifo, which would be followed, or opened.
  const isFree = names.every((_, index) => {
    const stat = lstatSync(join(root, ...names.slice(0, index + 1)), { throwIfNoEntry: false });
    return !stat || (stat.isDirectory() && index < names.length - 1);
  });
  if (!isFree) return;
  makeFiles(root, { [path]: what.startsWith('= ') ? '' : what });
  if (!what.startsWith('-> ')) chmodSync(join(root, path), bits);
}
