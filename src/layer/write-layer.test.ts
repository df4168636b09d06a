import { chmodSync, chownSync, closeSync, ftruncateSync, mkdirSync, mkdtempSync, openSync, renameSync } from 'node:fs';
import { rmSync, statSync, truncateSync, utimesSync, writeFileSync, writeSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { TarReader } from '../spec/tar/tar-reader.ts';
import type { TarEntry } from '../spec/tar/entry.ts';
import { setXattr } from '../system/xattr.ts';
import { fsPath } from './host-path.ts';
import { makeTree, MemorySink, once, TestFolder } from './testing.ts';
import { writeLayer } from './write-layer.ts';
import type { LayerSource } from './write-layer.ts';

const isRoot = process.getuid?.() === 0;

async function entriesOf(source: LayerSource): Promise<TarEntry[]> {
  const sink = new MemorySink();
  const size = await writeLayer(source, sink);
  expect(size).toBe(sink.bytes.length);
  const reader = new TarReader(once(sink.bytes));
  const entries: TarEntry[] = [];
  for (let entry = await reader.next(); entry; entry = await reader.next()) entries.push(entry);
  return entries;
}

function short(entries: readonly TarEntry[]): readonly string[] {
  return entries.map((entry) => {
    const target = 'target' in entry ? ` ${entry.target}` : '';
    return `${entry.kind} ${entry.path}${target}`;
  });
}

describe('writeLayer', () => {
  it('sorts by bytes, parents first, and keeps links, symlinks and attributes', async () => {
    using folder = new TestFolder();
    makeTree(folder.path, { b: '/', 'b/x': 'x', 'b-': 'y', é: 'z', a: '-> ../b', Z: '= b/x' });
    chmodSync(folder.join('b/x'), 0o4750);
    expect(short(await entriesOf({ directories: [folder.path], parent: [] }))).toEqual([
      'file Z',
      'symlink a ../b',
      'directory b',
      'hard-link b/x Z',
      'file b-',
      'file é',
    ]);
    const [first] = await entriesOf({ directories: [folder.path], parent: [] });
    expect(first).toMatchObject({ mode: 0o4750, mtimeNs: 1_700_000_000_000_000_000n, size: 1 });
  });

  it('writes the same bytes whatever the order of creation and the time of access', async () => {
    using folder = new TestFolder();
    const names = ['q', 'a', 'm', 'B', '1'];
    makeTree(folder.join('one'), Object.fromEntries(names.map((name) => [name, name])));
    makeTree(folder.join('two'), Object.fromEntries(names.reverse().map((name) => [name, name])));
    const [one, two] = [new MemorySink(), new MemorySink()];
    await writeLayer({ directories: [folder.join('one')], parent: [] }, one);
    await writeLayer({ directories: [folder.join('two')], parent: [] }, two);
    expect(one.bytes.equals(two.bytes)).toBe(true);
  });

  it('writes a file with holes as one with zeros', async () => {
    using folder = new TestFolder();
    const [size, place] = [3_000_001, 1_500_000];
    const content = Buffer.alloc(size);
    content.write('kiln', place);
    makeTree(folder.path, { dense: '/', sparse: '/', 'dense/f': '', 'sparse/f': '' });
    writeFileSync(folder.join('dense/f'), content);
    const fd = openSync(folder.join('sparse/f'), 'w');
    writeSync(fd, 'kiln', place);
    ftruncateSync(fd, size);
    closeSync(fd);
    const [dense, sparse] = [new MemorySink(), new MemorySink()];
    for (const name of ['dense/f', 'sparse/f']) utimesSync(folder.join(name), 1, 1);
    expect(statSync(folder.join('sparse/f')).blocks * 512).toBeLessThan(size);
    await writeLayer({ directories: [folder.join('dense')], parent: [] }, dense);
    await writeLayer({ directories: [folder.join('sparse')], parent: [] }, sparse);
    expect(sparse.bytes.equals(dense.bytes)).toBe(true);
  });

  it('keeps names that are not UTF-8', async () => {
    using folder = new TestFolder();
    const name = 'a\udcffb';
    writeFileSync(fsPath(folder.join(name)), 'x');
    if (isRoot) setXattr(folder.path, 'user.k', Buffer.from('v'));
    expect(short(await entriesOf({ directories: [folder.path], parent: [] }))).toEqual([`file ${name}`]);
  });

  it('leaves out sockets', async () => {
    using folder = new TestFolder();
    const server = createServer().listen(folder.join('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    writeFileSync(folder.join('file'), '');
    expect(short(await entriesOf({ directories: [folder.path], parent: [] }))).toEqual(['file file']);
    server.close();
  });

  it('refuses a file that becomes shorter', async () => {
    using folder = new TestFolder();
    writeFileSync(folder.join('a'), 'x'.repeat(2000));
    writeFileSync(folder.join('b'), 'x'.repeat(2000));
    let isTaken = false;
    class Shortening extends MemorySink {
      override take(): Buffer {
        if (!isTaken) truncateSync(folder.join('a'), 100);
        isTaken = true;
        return super.take();
      }
    }
    const source = { directories: [folder.path], parent: [] };
    await expect(writeLayer(source, new Shortening())).rejects.toThrow('a became shorter while it was being read');
  });

  it('changes times as it is told', async () => {
    using folder = new TestFolder();
    makeTree(folder.path, { a: 'x' });
    const times = async (options: Partial<LayerSource>) =>
      (await entriesOf({ directories: [folder.path], parent: [], ...options })).map(
        ({ mtimeNs }) => mtimeNs / 1_000_000_000n,
      );
    const mtime = 1_700_000_000;
    expect(await times({ rewriteMtime: 5 })).toEqual([5n]);
    expect(await times({ rewriteMtime: mtime + 1 })).toEqual([BigInt(mtime)]);
    const nanoseconds = BigInt(mtime) * 1_000_000_000n;
    expect(await times({ clampMtime: { since: nanoseconds, to: mtime + 9 } })).toEqual([BigInt(mtime + 9)]);
    expect(await times({ clampMtime: { since: nanoseconds + 1n, to: 3 } })).toEqual([BigInt(mtime)]);
  });
});

describe.skipIf(!isRoot)('writeLayer of overlay directories', () => {
  it('writes whiteouts before siblings, and only for what is below', async () => {
    using folder = new TestFolder();
    makeTree(folder.join('low'), { gone: 'x', d: '/', 'd/gone': 'x', o: '/', file: 'x' });
    makeTree(folder.join('up'), {
      a: 'new',
      gone: '!',
      never: '!',
      d: '/',
      'd/0': 'new',
      'd/gone': '!',
      o: '/!',
      fresh: '/!',
      file: '/!',
    });
    const up = folder.join('up');
    expect(short(await entriesOf({ directories: [up], parent: [folder.join('low')] }))).toEqual([
      'file .wh.gone',
      'file a',
      'directory d',
      'file d/.wh.gone',
      'file d/0',
      'directory file',
      'directory fresh',
      'directory o',
      'file o/.wh..wh..opq',
    ]);
    expect(short(await entriesOf({ directories: [up], parent: [] }))).toEqual(
      ['a', 'd', 'd/0', 'file', 'fresh', 'o'].map(
        (path) => `${/^(?:a|d.0)$/.test(path) ? 'file' : 'directory'} ${path}`,
      ),
    );
  });

  it('makes one layer of several directories', async () => {
    using folder = new TestFolder();
    makeTree(folder.join('base'), { x: 'x', y: '/', 'y/old': 'o', z: '/' });
    makeTree(folder.join('one'), {
      a: '1',
      b: '1',
      d: '/',
      'd/one': '1',
      y: '/!',
      'y/1': '1',
      z: '!',
      e: '/',
      'e/1': '1',
    });
    makeTree(folder.join('two'), {
      b: '2',
      a: '!',
      d: '/',
      'd/two': '2',
      x: '!',
      y: '/',
      'y/2': '2',
      z: '/',
      'z/2': '',
      e: '!',
    });
    const directories = [folder.join('one'), folder.join('two')];
    expect(short(await entriesOf({ directories, parent: [folder.join('base')] }))).toEqual([
      'file .wh.x',
      'file b',
      'directory d',
      'file d/one',
      'file d/two',
      'directory y',
      'file y/.wh..wh..opq',
      'file y/1',
      'file y/2',
      'directory z',
      'file z/.wh..wh..opq',
      'file z/2',
    ]);
  });

  it('writes devices, owners and capabilities, but no other attributes', async () => {
    using folder = new TestFolder();
    makeTree(folder.path, { null: 'c 1 3', pipe: 'p', f: 'x' });
    chownSync(folder.join('f'), 3_000_000, 7);
    const capability = Buffer.from('0100000200040000000000000000000000000000', 'hex');
    setXattr(folder.join('f'), 'security.capability', capability);
    setXattr(folder.join('f'), 'user.note', Buffer.from([0, 255]));
    setXattr(folder.join('f'), 'user.overlay.opaque', Buffer.from('y'));
    setXattr(folder.join('f'), 'trusted.other', Buffer.from('y'));
    const [file, device, pipe] = await entriesOf({ directories: [folder.path], parent: [] });
    expect(device).toMatchObject({ kind: 'character-device', major: 1, minor: 3 });
    expect(pipe).toMatchObject({ kind: 'fifo' });
    expect(file).toMatchObject({ uid: 3_000_000, gid: 7 });
    expect([...(file?.xattrs ?? [])].map(([name, value]) => [name, Buffer.from(value).toString('hex')])).toEqual([
      ['security.capability', capability.toString('hex')],
    ]);
  });

  it('stops when it is told to', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kiln-test-'));
    mkdirSync(join(folder, 'a'));
    renameSync(join(folder, 'a'), join(folder, 'b'));
    const source = { directories: [folder], parent: [], signal: AbortSignal.abort(new Error('enough')) };
    await expect(writeLayer(source, new MemorySink())).rejects.toThrow('enough');
    rmSync(folder, { recursive: true });
  });

  it('lets others tell it to, in the middle of a large file', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'kiln-test-'));
    writeFileSync(join(folder, 'large'), '');
    // As large as will never be done in time.
    truncateSync(join(folder, 'large'), 2 ** 40);
    const block = Buffer.alloc(1 << 16);
    const sink = { take: () => block, put: () => undefined };
    await expect(
      writeLayer({ directories: [folder], parent: [], signal: AbortSignal.timeout(100) }, sink),
    ).rejects.toThrow('timeout');
    rmSync(folder, { recursive: true });
  });
});
