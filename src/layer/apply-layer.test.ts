import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openContentStore } from '../content/store.ts';
import { mount, mountFlags, unmount } from '../system/mount.ts';
import { applyLayer } from './apply-layer.ts';
import { createLayerBlob, digestLayer } from './layer-blob.ts';
import { statPath } from './host-path.ts';
import { describeAttributes, describeTree, makeLayer, makeTree, TestFolder } from './testing.ts';
import type { Tree } from './testing.ts';

const isRoot = process.getuid?.() === 0;

async function apply(folder: TestFolder, entries: readonly object[], parent: readonly string[] = []): Promise<Tree> {
  const { blob, diffId } = makeLayer(...entries);
  await applyLayer(blob(), folder.join('fs'), { userxattr: false, expectedDiffId: diffId, parent });
  return describeTree(folder.join('fs'));
}

describe.skipIf(!isRoot)('applyLayer', () => {
  it('unpacks every kind of file with its attributes', async () => {
    using folder = new TestFolder();
    const xattrs = new Map([['user.k', Buffer.from('v')]]);
    const tree = await apply(folder, [
      { kind: 'directory', path: './', mode: 0o700 },
      { kind: 'directory', path: 'd', mode: 0o1777, mtimeNs: 5_000_000_000n },
      { kind: 'file', path: 'd/f', content: 'hello', mode: 0o4755, uid: 3, gid: 4, mtimeNs: 7_000_000_000n, xattrs },
      { kind: 'hard-link', path: '/l', target: './d/f' },
      { kind: 'symlink', path: 's', target: '/etc', mode: 0o777, uid: 9 },
      { kind: 'character-device', path: 'c', major: 1, minor: 3 },
      { kind: 'fifo', path: 'p' },
    ]);
    expect(tree).toEqual({ c: 'c 1 3', d: '/', 'd/f': 'hello', l: '= d/f', p: 'p', s: '-> /etc' });
    expect(describeAttributes(folder.join('fs'))).toMatchObject({
      d: '41777 0 0 5000000000',
      'd/f': '104755 3 4 7000000000 user.k=v',
      s: '120777 9 0 0',
    });
    expect(statPath(folder.join('fs'))?.mode.toString(8)).toBe('40755');
  });

  it('gives files to whom the layer says, also in directories whose group files inherit', async () => {
    using folder = new TestFolder();
    await apply(folder, [
      { kind: 'directory', path: 'g', mode: 0o2775, gid: 50 },
      { kind: 'file', path: 'g/root' },
      { kind: 'file', path: 'g/staff', gid: 50 },
      { kind: 'symlink', path: 'g/link', target: 'x' },
      { kind: 'directory', path: 'g/below', mode: 0o755 },
      { kind: 'file', path: 'g/below/root' },
      { kind: 'directory', path: 'o', uid: 7, gid: 7 },
      { kind: 'directory', path: 'o' },
      { kind: 'file', path: 'o/other', uid: 1, gid: 0 },
    ]);
    const owners = Object.entries(describeAttributes(folder.join('fs'))).map(([path, text]) => {
      const [mode, uid, gid] = text.split(' ');
      return `${path} ${mode} ${uid}:${gid}`;
    });
    expect(owners).toEqual([
      'g 42775 0:50',
      'g/below 40755 0:0',
      'g/below/root 100644 0:0',
      'g/link 120777 0:0',
      'g/root 100644 0:0',
      'g/staff 100644 0:50',
      'o 40644 0:0',
      'o/other 100644 1:0',
    ]);
  });

  it('lets the last of equal paths count', async () => {
    using folder = new TestFolder();
    const tree = await apply(folder, [
      { kind: 'file', path: 'a', content: '1' },
      { kind: 'file', path: 'a', content: '2' },
      { kind: 'directory', path: 'b' },
      { kind: 'file', path: 'b/x' },
      { kind: 'file', path: 'b', content: 'file' },
      { kind: 'symlink', path: 'c', target: '/' },
      { kind: 'directory', path: 'c' },
      { kind: 'directory', path: 'c', mode: 0o700 },
    ]);
    expect(tree).toEqual({ a: '2', b: 'file', c: '/' });
  });

  it('never follows a symlink', async () => {
    using folder = new TestFolder();
    mkdirSync(folder.join('outside'));
    writeFileSync(folder.join('outside/f'), 'mine');
    const tree = await apply(folder, [
      { kind: 'symlink', path: 'd', target: folder.join('outside') },
      { kind: 'file', path: 'd/f', content: 'theirs' },
      { kind: 'symlink', path: 'g', target: folder.join('outside/f') },
      { kind: 'file', path: 'g', content: 'theirs' },
      { kind: 'symlink', path: 'h', target: folder.join('outside') },
      { kind: 'directory', path: 'h', mode: 0o777, uid: 5 },
    ]);
    expect(tree).toEqual({ d: '/', 'd/f': 'theirs', g: 'theirs', h: '/' });
    expect(readFileSync(folder.join('outside/f'), 'utf8')).toBe('mine');
    expect(statPath(folder.join('outside'))?.uid).toBe(0n);
  });

  it.each([
    [{ kind: 'file', path: '../x' }, 'the layer has an unsafe path: "../x"'],
    [{ kind: 'file', path: 'a/../../x' }, 'the layer has an unsafe path: "a/../../x"'],
    [{ kind: 'hard-link', path: 'x', target: '../../etc/passwd' }, 'the layer has an unsafe path: "../../etc/passwd"'],
    [{ kind: 'hard-link', path: 'x', target: 'nope' }, 'the layer links "x" to "nope", which is no file'],
    [{ kind: 'file', path: 'd/.wh...' }, 'the layer has an unsafe path: "d/.wh..."'],
  ])('refuses %o and leaves nothing', async (entry, message) => {
    using folder = new TestFolder();
    await expect(apply(folder, [{ kind: 'directory', path: 'd' }, entry])).rejects.toThrow(message);
    expect(existsSync(folder.join('fs'))).toBe(false);
  });

  it('refuses a hard link through a symlink', async () => {
    using folder = new TestFolder();
    writeFileSync(folder.join('secret'), '');
    const entries = [
      { kind: 'symlink', path: 'd', target: folder.path },
      { kind: 'hard-link', path: 'x', target: 'd/secret' },
    ];
    await expect(apply(folder, entries)).rejects.toThrow('the layer links "x" to "d/secret", which is no file');
  });

  it('refuses a layer that is not what it should be, and leaves nothing', async () => {
    using folder = new TestFolder();
    const { blob } = makeLayer({ kind: 'file', path: 'a' });
    const other = makeLayer({ kind: 'file', path: 'b' }).diffId;
    const options = { userxattr: false, expectedDiffId: other, parent: [] };
    await expect(applyLayer(blob(), folder.join('fs'), options)).rejects.toThrow(`the layer is not ${other}`);
    expect(existsSync(folder.join('fs'))).toBe(false);
  });

  it('says that a layer is damaged', async () => {
    using folder = new TestFolder();
    const { blob, diffId } = makeLayer({ kind: 'file', path: 'a', content: 'x'.repeat(5000) });
    const options = { userxattr: false, expectedDiffId: diffId, parent: [] };
    async function* half(): AsyncGenerator<Uint8Array> {
      for await (const chunk of blob()) yield chunk.subarray(0, chunk.length >> 1);
    }
    await expect(applyLayer(half(), folder.join('fs'), options)).rejects.toThrow(
      /^the layer is damaged: unexpected end/,
    );
  });

  it('turns whiteouts into those of overlayfs, wherever they are in the layer', async () => {
    using folder = new TestFolder();
    makeTree(folder.join('low'), { a: 'x', b: '/', 'b/x': 'x', c: '/', d: '/', e: 'x' });
    const entries = [
      { kind: 'file', path: '.wh.a' },
      { kind: 'file', path: '.wh.never' },
      { kind: 'file', path: 'b/.wh..wh..opq' },
      { kind: 'file', path: '.wh.c' },
      { kind: 'directory', path: 'c' },
      { kind: 'directory', path: 'd' },
      { kind: 'file', path: '.wh.d' },
      { kind: 'file', path: 'e', content: 'new' },
      { kind: 'file', path: '.wh.e' },
      { kind: 'file', path: '.wh..wh.plnk' },
    ];
    expect(await apply(folder, entries, [folder.join('low')])).toEqual({ a: '!', b: '/!', c: '/!', d: '/!', e: 'new' });
  });

  it('makes no whiteouts where there is nothing below', async () => {
    using folder = new TestFolder();
    const entries = [
      { kind: 'file', path: '.wh.a' },
      { kind: 'directory', path: 'b' },
      { kind: 'file', path: 'b/.wh..wh..opq' },
    ];
    expect(await apply(folder, entries)).toEqual({ b: '/' });
  });

  it('takes from below what the layer leaves out: directories, and targets of links', async () => {
    using folder = new TestFolder();
    makeTree(folder.join('low'), { d: '/', 'd/e': '/', 'd/f': 'below' });
    const entries = [
      { kind: 'file', path: 'd/e/new', content: '1' },
      { kind: 'hard-link', path: 'link', target: 'd/f' },
    ];
    const tree = await apply(folder, entries, [folder.join('low')]);
    expect(tree).toEqual({ d: '/', 'd/e': '/', 'd/e/new': '1', 'd/f': 'below', link: '= d/f' });
    const [below, above] = [describeAttributes(folder.join('low')), describeAttributes(folder.join('fs'))];
    for (const path of ['d', 'd/e', 'd/f']) expect(above[path]).toBe(below[path]);
  });

  it('leaves out what overlayfs would take for its own', async () => {
    using folder = new TestFolder();
    const xattrs = new Map([
      ['trusted.overlay.redirect', Buffer.from('/etc')],
      ['user.overlay.opaque', Buffer.from('y')],
    ]);
    await apply(folder, [{ kind: 'directory', path: 'd', xattrs }]);
    expect(describeTree(folder.join('fs'))).toEqual({ d: '/' });
  });
});

const names = fc.constantFrom('a', 'b', 'c');
const leaf = fc.oneof(
  fc.constantFrom('', 'text', '-> a', '-> /x/y', 'p', 'c 1 3', '/', '/!', '!'),
  fc.string({ maxLength: 4, unit: fc.constantFrom('x', 'y') }),
);
/** Paths with what is there; parents are added, and what cannot be is left out. */
const trees = fc
  .array(fc.tuple(fc.array(names, { minLength: 1, maxLength: 3 }), leaf), { maxLength: 8 })
  .map((items): Tree => {
    const tree: Record<string, string> = {};
    for (const [path, what] of items) {
      const parents = path.slice(1).map((_, index) => path.slice(0, index + 1).join('/'));
      if (parents.some((parent) => !(tree[parent] ?? '/').startsWith('/'))) continue;
      for (const parent of parents) tree[parent] ??= '/';
      tree[path.join('/')] ??= what;
    }
    return tree;
  });

/** What a stack of overlay directories shows. */
async function mounted<Result>(
  folder: TestFolder,
  layers: readonly string[],
  look: (root: string) => Result,
): Promise<Result> {
  const target = folder.join('mnt');
  mkdirSync(target, { recursive: true });
  mkdirSync(folder.join('empty'), { recursive: true });
  const lowerdir = [...layers.toReversed(), folder.join('empty')].join(':');
  mount({ source: 'overlay', target, type: 'overlay', flags: mountFlags.MS_RDONLY, data: `lowerdir=${lowerdir}` });
  try {
    return await Promise.resolve(look(target));
  } finally {
    unmount(target, mountFlags.MNT_DETACH);
  }
}

describe.skipIf(!isRoot)('a layer that is written and applied', () => {
  it('shows the same in an overlay, whiteouts and all', async () => {
    await fc.assert(
      fc.asyncProperty(trees, trees, trees, fc.boolean(), async (low, middle, up, isFlat) => {
        using folder = new TestFolder();
        using store = openContentStore(folder.join('store'));
        const [bottom, one, two] = [folder.join('low'), folder.join('one'), folder.join('two')];
        for (const [path, tree] of [
          [bottom, low],
          [one, middle],
          [two, up],
        ] as const)
          makeTree(path, tree);
        const source = isFlat
          ? { directories: [one, two], parent: [bottom] }
          : { directories: [two], parent: [bottom, one] };
        const below = isFlat ? [bottom] : [bottom, one];
        const { diffId, descriptor } = await createLayerBlob(store, { ...source, compression: { kind: 'gzip' } });
        const options = { userxattr: false, expectedDiffId: diffId, parent: below };
        await applyLayer(store.blobs.stream(descriptor.digest), folder.join('copy'), options);
        const wanted = await mounted(folder, [bottom, one, two], describeTree);
        expect(await mounted(folder, [...below, folder.join('copy')], describeTree)).toEqual(wanted);
        const again = await digestLayer({ directories: [folder.join('copy')], parent: below });
        expect(again.diffId).toBe(diffId);
      }),
      { numRuns: 60 },
    );
  });
});
