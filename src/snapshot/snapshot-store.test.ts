import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { getuid } from 'node:process';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { getXattr } from '../system/xattr.ts';
import { chainOf } from './chain-id.ts';
import { diffIdOf, imageLayer, mountsBelow, nameOf, TestStore } from './testing.ts';

/** Only root may mount. */
const isRoot = getuid?.() === 0;

const chainOfNames = (...names: readonly string[]): string => names.map(diffIdOf).reduce(chainOf, '');

describe('a chain id', () => {
  it('is that of the image specification', () => {
    expect(chainOf('', 'sha256:a')).toBe('sha256:a');
    const hash = '9b4e38a9cb1ba6b2d5b7d8be4d1b8a2e7f5b2b71f3f2d3d8a3a9c3e2b6b1a3f0';
    expect(chainOf(`sha256:${hash}`, 'sha256:b')).toBe(diffIdOf(`sha256:${hash} sha256:b`));
  });
});

describe('layers that steps make', () => {
  it('are stacked', async () => {
    await using store = new TestStore();
    const { snapshots } = store;
    const a = await store.addLayer('', 'a');
    const b = await store.addLayer(a, 'b');
    expect([a, b]).toEqual([chainOfNames('a'), chainOfNames('a', 'b')]);
    expect([snapshots.has(a), snapshots.has(b), snapshots.has(''), snapshots.has('sha256:c')]).toEqual([
      true,
      true,
      true,
      false,
    ]);
    expect(snapshots.stack(b)).toMatchObject([
      { chain: a, parent: '', diffId: diffIdOf('a'), blob: undefined },
      { chain: b, parent: a, diffId: diffIdOf('b'), blob: undefined },
    ]);
    const directories = await snapshots.directories(b);
    expect(directories.map((directory) => readdirSync(directory))).toEqual([['a'], ['b']]);
    expect(await store.leftovers()).toEqual([]);
  });

  it('are there when the store is opened again', async () => {
    await using store = new TestStore();
    const chain = await store.addLayer(await store.addLayer('', 'a'), 'b');
    const { snapshots } = store.open();
    expect(snapshots.has(chain)).toBe(true);
    expect(await snapshots.directories(chain)).toEqual(await store.snapshots.directories(chain));
  });

  it('are kept once, whoever makes them again', async () => {
    await using store = new TestStore();
    const first = await store.addLayer('', 'a');
    const [directory = ''] = await store.snapshots.directories(first);
    const { ino } = lstatSync(directory);
    expect(await store.addLayer('', 'a')).toBe(first);
    expect(await store.snapshots.directories(first)).toEqual([directory]);
    expect(lstatSync(directory).ino).toBe(ino);
    expect(store.names).toHaveLength(1);
    expect(await store.leftovers()).toEqual([]);
  });

  it('are kept once if two processes make them at the same time', async () => {
    await using store = new TestStore();
    const stores = [store.snapshots, store.open().snapshots];
    const drafts = await Promise.all(stores.map((snapshots) => snapshots.prepare('')));
    const chains = drafts.map((draft, index) => {
      writeFileSync(join(draft.upper, 'a'), `${index}`);
      return stores[index]?.commit(draft, diffIdOf('a'));
    });
    expect(chains).toEqual([chainOfNames('a'), chainOfNames('a')]);
    const [first, second] = await Promise.all(stores.map((snapshots) => snapshots.directories(chainOfNames('a'))));
    expect(first).toEqual(second);
    expect(readFileSync(join(first?.[0] ?? '', 'a'), 'utf8')).toBe('0');
    expect(store.names).toHaveLength(1);
  });

  it('leave nothing if they are discarded', async () => {
    await using store = new TestStore();
    const draft = await store.snapshots.prepare('');
    mkdirSync(join(draft.upper, 'a/b/c'), { recursive: true });
    store.snapshots.discard(draft.upper);
    store.snapshots.discard(draft.upper);
    expect(await store.leftovers()).toEqual([]);
  });

  it('are not known if they cannot be kept, and can be made again', async () => {
    await using store = new TestStore();
    const draft = await store.snapshots.prepare('');
    rmSync(draft.upper, { recursive: true });
    expect(() => store.snapshots.commit(draft, diffIdOf('a'))).toThrow('ENOENT');
    expect(store.snapshots.has(chainOfNames('a'))).toBe(false);
    const chain = await store.addLayer('', 'a');
    expect((await store.snapshots.directories(chain)).map((directory) => readdirSync(directory))).toEqual([['a']]);
  });

  it('take the place of what a process that died has left under their name', async () => {
    await using store = new TestStore();
    await store.addLayer('', 'a');
    const [name = ''] = store.names;
    const next = (Number.parseInt(name, 36) + 1).toString(36);
    mkdirSync(join(store.root, 'snapshots', next, 'fs/old'), { recursive: true });
    const chain = await store.addLayer('', 'b');
    const [directory = ''] = await store.snapshots.directories(chain);
    expect(directory).toBe(join(store.root, 'snapshots', next, 'fs'));
    expect(readdirSync(directory)).toEqual(['b']);
  });

  it('have the root directory of the layer below, or a new one', async () => {
    await using store = new TestStore();
    const bottom = await store.snapshots.prepare('');
    expect(statSync(bottom.upper).mode & 0o7777).toBe(0o755);
    chmodSync(bottom.upper, 0o1711);
    const chain = store.snapshots.commit(bottom, diffIdOf('a'));
    const draft = await store.snapshots.prepare(chain);
    expect(statSync(draft.upper).mode & 0o7777).toBe(0o1711);
  });

  it('know since when files in them are new', async () => {
    await using store = new TestStore();
    const { snapshots } = store;
    const first = await snapshots.prepare('');
    writeFileSync(join(first.upper, 'a'), '');
    expect(lstatSync(join(first.upper, 'a'), { bigint: true }).mtimeNs).toBeGreaterThanOrEqual(first.since);
    const chain = snapshots.commit(first, diffIdOf('a'));
    expect((await snapshots.prepare(chain)).since).toBe(first.since);
    expect((await snapshots.prepare('', [chain])).since).toBe(first.since);
    expect((await snapshots.prepare('')).since).toBeGreaterThanOrEqual(first.since);
    expect(snapshots.stack(chain)[0]?.since).toBe(first.since);
  });
});

describe('layers of images', () => {
  it('are unpacked when they are needed, once, from the bottom to the top', async () => {
    await using store = new TestStore();
    const { snapshots, unpacked } = store;
    const chain = snapshots.addImage(['a', 'b', 'c'].map(imageLayer));
    expect(chain).toBe(chainOfNames('a', 'b', 'c'));
    expect(snapshots.has(chain)).toBe(true);
    expect(unpacked).toEqual([]);
    const directories = await snapshots.directories(chain);
    expect(unpacked.map(({ blob, diffId, parent }) => ({ name: nameOf(blob), diffId, parent }))).toEqual([
      { name: 'a', diffId: diffIdOf('a'), parent: [] },
      { name: 'b', diffId: diffIdOf('b'), parent: directories.slice(0, 1) },
      { name: 'c', diffId: diffIdOf('c'), parent: directories.slice(0, 2) },
    ]);
    expect(await snapshots.directories(chain)).toEqual(directories);
    expect(unpacked).toHaveLength(3);
    expect(await store.leftovers()).toEqual([]);
  });

  it('are unpacked once if several steps need them at the same time', async () => {
    await using store = new TestStore();
    store.unpack = async () => setImmediate();
    const chains = [
      ['a', 'b'],
      ['a', 'b', 'c'],
      ['a', 'd'],
    ].map((names) => store.snapshots.addImage(names.map(imageLayer)));
    const all = await Promise.all([...chains, ...chains].map((chain) => store.snapshots.directories(chain)));
    expect(all.slice(3)).toEqual(all.slice(0, 3));
    expect(store.unpacked.map(({ blob }) => nameOf(blob)).sort()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('are taken from another process that was quicker', async () => {
    await using store = new TestStore();
    const other = store.open().snapshots;
    const chain = store.snapshots.addImage([imageLayer('a')]);
    let theirs: readonly string[] = [];
    store.unpack = async () => {
      store.unpack = () => Promise.resolve();
      theirs = await other.directories(chain);
    };
    expect(await store.snapshots.directories(chain)).toEqual(theirs);
    expect(store.names).toHaveLength(1);
    expect(await store.leftovers()).toEqual([]);
  });

  it('can be unpacked after a failure, which leaves nothing', async () => {
    await using store = new TestStore();
    const chain = store.snapshots.addImage([imageLayer('a')]);
    store.unpack = () => Promise.reject(new Error('no space left'));
    await expect(store.snapshots.directories(chain)).rejects.toThrow('no space left');
    await expect(store.snapshots.readable(chain)).rejects.toThrow('no space left');
    expect(await store.leftovers()).toEqual([]);
    store.unpack = () => Promise.resolve();
    expect(readdirSync(await store.snapshots.readable(chain))).toEqual(['a']);
  });

  it('can be made from a blob and by a step: then the directory stays, and the blob is known', async () => {
    await using store = new TestStore();
    const made = await store.addLayer('', 'a');
    expect(store.snapshots.addImage([imageLayer('a')])).toBe(made);
    expect(nameOf(store.snapshots.stack(made)[0]?.blob ?? '')).toBe('a');
    expect(await store.snapshots.directories(made)).toHaveLength(1);
    expect(store.unpacked).toEqual([]);

    const pulled = store.snapshots.addImage([imageLayer('b')]);
    expect(await store.addLayer('', 'b')).toBe(pulled);
    expect(store.snapshots.stack(pulled)[0]).toMatchObject({ created: 0, since: 0n });
    await store.snapshots.directories(pulled);
    expect(store.unpacked).toEqual([]);
  });
});

describe('merging', () => {
  it('puts the layers of a chain on top of another, whose directories they share', async () => {
    await using store = new TestStore();
    const { snapshots } = store;
    const base = await store.addLayer(await store.addLayer('', 'a'), 'b');
    const top = await store.addLayer(await store.addLayer('', 'c'), 'd');
    const merged = snapshots.merge(base, top);
    expect(merged).toBe(chainOfNames('a', 'b', 'c', 'd'));
    expect(await snapshots.directories(merged)).toEqual([
      ...(await snapshots.directories(base)),
      ...(await snapshots.directories(top)),
    ]);
    expect(snapshots.merge(base, top)).toBe(merged);
  });

  it('with nothing changes nothing', async () => {
    await using store = new TestStore();
    const chain = await store.addLayer('', 'a');
    expect(store.snapshots.merge(chain, '')).toBe(chain);
    expect(store.snapshots.merge('', chain)).toBe(chain);
  });

  it('does not unpack anything', async () => {
    await using store = new TestStore();
    const image = store.snapshots.addImage(['a', 'b'].map(imageLayer));
    const merged = store.snapshots.merge(image, await store.addLayer('', 'c'));
    expect(store.unpacked).toEqual([]);
    const names = (await store.snapshots.directories(merged)).flatMap((directory) => readdirSync(directory));
    expect(names).toEqual(['a', 'b', 'c']);
  });
});

describe('the file system of a draft', () => {
  it('is that of its directory if there is nothing below', async () => {
    await using store = new TestStore();
    const draft = await store.snapshots.prepare('');
    expect(await store.snapshots.withMounted(draft, (root) => Promise.resolve(root))).toBe(draft.upper);
  });

  it.skipIf(!isRoot)('shows the layers below and takes what is changed', async () => {
    await using store = new TestStore();
    const base = await store.addLayer(await store.addLayer('', 'a'), 'b');
    const draft = await store.snapshots.prepare(base);
    await store.snapshots.withMounted(draft, (root) => {
      expect(readdirSync(root).sort()).toEqual(['a', 'b']);
      writeFileSync(join(root, 'c'), 'c');
      writeFileSync(join(root, 'a'), 'new');
      rmSync(join(root, 'b'));
      return Promise.resolve();
    });
    await store.snapshots.settle();
    expect(mountsBelow(store.root)).toEqual([]);
    expect(readdirSync(draft.upper).sort()).toEqual(['a', 'b', 'c']);
    expect(lstatSync(join(draft.upper, 'b')).isCharacterDevice()).toBe(true);
    const chain = store.snapshots.commit(draft, diffIdOf('c'));
    expect(await store.leftovers()).toEqual([]);
    const root = await store.snapshots.readable(chain);
    expect(readdirSync(root).sort()).toEqual(['a', 'c']);
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('new');
    expect(readFileSync(join(await store.snapshots.readable(base), 'a'), 'utf8')).toBe('a');
  });

  it.skipIf(!isRoot)('hides a directory that was made anew', async () => {
    await using store = new TestStore();
    const bottom = await store.snapshots.prepare('');
    mkdirSync(join(bottom.upper, 'd'));
    writeFileSync(join(bottom.upper, 'd/old'), '');
    const base = store.snapshots.commit(bottom, diffIdOf('bottom'));
    const draft = await store.snapshots.prepare(base);
    await store.snapshots.withMounted(draft, (root) => {
      rmSync(join(root, 'd'), { recursive: true });
      mkdirSync(join(root, 'd'));
      return Promise.resolve();
    });
    expect(getXattr(join(draft.upper, 'd'), 'trusted.overlay.opaque')?.toString()).toBe('y');
    const root = await store.snapshots.readable(store.snapshots.commit(draft, diffIdOf('draft')));
    expect(readdirSync(join(root, 'd'))).toEqual([]);
  });

  it.skipIf(!isRoot)('is unmounted if what is done with it fails, too', async () => {
    await using store = new TestStore();
    const draft = await store.snapshots.prepare(await store.addLayer('', 'a'));
    const failing = store.snapshots.withMounted(draft, (root) => {
      writeFileSync(join(root, 'b'), '');
      return Promise.reject(new Error('exit code: 1'));
    });
    await expect(failing).rejects.toThrow('exit code: 1');
    await store.snapshots.settle();
    expect(mountsBelow(store.root)).toEqual([]);
    store.snapshots.discard(draft.upper);
    expect(await store.leftovers()).toEqual([]);
  });

  it.skipIf(!isRoot)('may have 130 layers below', async () => {
    await using store = new TestStore();
    const names = Array.from({ length: 130 }, (_, index) => `layer-${index}`);
    let chain = '';
    for (const name of names) chain = await store.addLayer(chain, name);
    expect(chain).toBe(chainOfNames(...names));
    const root = await store.snapshots.readable(chain);
    expect(readdirSync(root).sort()).toEqual([...names].sort());
    const draft = await store.snapshots.prepare(chain);
    await store.snapshots.withMounted(draft, (path) => {
      expect(readdirSync(path)).toHaveLength(130);
      writeFileSync(join(path, 'layer-0'), 'changed');
      return Promise.resolve();
    });
    expect(readdirSync(draft.upper)).toEqual(['layer-0']);
  });

  it.skipIf(!isRoot)('may be in a store of any name', async () => {
    await using store = new TestStore('kiln snap:shot, \\"0"-');
    const chain = await store.addLayer(await store.addLayer('', 'a'), 'b');
    const draft = await store.snapshots.prepare(chain);
    await store.snapshots.withMounted(draft, (root) => {
      expect(readdirSync(root).sort()).toEqual(['a', 'b']);
      return Promise.resolve();
    });
    expect(readdirSync(await store.snapshots.readable(chain)).sort()).toEqual(['a', 'b']);
  });
});

describe('the readable file system of a chain', () => {
  it('is an empty directory if there are no layers', async () => {
    await using store = new TestStore();
    const root = await store.snapshots.readable('');
    expect(readdirSync(root)).toEqual([]);
    expect(await store.snapshots.readable('')).toBe(root);
  });

  it('is the directory of the only layer', async () => {
    await using store = new TestStore();
    const chain = await store.addLayer('', 'a');
    expect([await store.snapshots.readable(chain)]).toEqual(await store.snapshots.directories(chain));
    await store.snapshots.close();
    expect(store.snapshots.has(chain)).toBe(true);
    expect(readdirSync(await store.snapshots.readable(chain))).toEqual(['a']);
  });

  it.skipIf(!isRoot)('is mounted once, cannot be written to, and goes when the store is closed', async () => {
    await using store = new TestStore();
    const chain = await store.addLayer(await store.addLayer('', 'a'), 'b');
    const [root, again] = await Promise.all([store.snapshots.readable(chain), store.snapshots.readable(chain)]);
    expect(again).toBe(root);
    await store.snapshots.settle();
    expect(mountsBelow(store.root)).toEqual([root]);
    expect(readdirSync(root).sort()).toEqual(['a', 'b']);
    expect(() => {
      writeFileSync(join(root, 'c'), '');
    }).toThrow('EROFS');
    await store.snapshots.close();
    expect(mountsBelow(store.root)).toEqual([]);
    expect(readdirSync(root)).toEqual([]);
    expect(existsSync(join(store.root, 'snapshots', basename(store.names[0] ?? '')))).toBe(true);
  });
});
