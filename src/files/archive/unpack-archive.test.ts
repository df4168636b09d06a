import { spawnSync } from 'node:child_process';
import {
  closeSync,
  lstatSync,
  mkdirSync,
  openSync,
  readlinkSync,
  readSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { encodeTarHeader } from '../../spec/tar/encode-header.ts';
import { noXattrs, tarPadding, type TarEntry } from '../../spec/tar/entry.ts';
import { getXattr } from '../../system/xattr.ts';
import { attributes, copyAction, Folders, isRoot, readFiles, type Files } from '../testing.ts';

/** Entries by path, in the words of `makeFiles`. */
function makeTar(entries: readonly (readonly [string, string, Partial<TarEntry>?])[]): Buffer {
  const blocks: Uint8Array[] = [];
  for (const [path, what, rest] of entries) {
    const base = { path, mode: 0o644, uid: 0, gid: 0, mtimeNs: 5_000_000_000n, xattrs: noXattrs };
    const content = Buffer.from(what);
    let entry: TarEntry;
    if (what === '/') entry = { kind: 'directory', ...base, mode: 0o755 };
    else if (what.startsWith('-> ')) entry = { kind: 'symlink', ...base, target: what.slice(3) };
    else if (what.startsWith('= ')) entry = { kind: 'hard-link', ...base, target: what.slice(2) };
    else if (what === 'fifo') entry = { kind: 'fifo', ...base };
    else entry = { kind: 'file', ...base, size: content.length };
    blocks.push(encodeTarHeader({ ...entry, ...rest } as TarEntry));
    if (entry.kind === 'file') blocks.push(content, Buffer.alloc(tarPadding(content.length)));
  }
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

async function unpack(folders: Folders, archive: Uint8Array, to = '/', rest = {}): Promise<Files> {
  writeFileSync(join(folders.context, 'archive'), archive);
  await folders.run([copyAction('/archive', to, { unpack: 'auto', ...rest })]);
  return readFiles(folders.root);
}

describe.skipIf(!isRoot)('ADD of an archive', () => {
  it('leaves the holes of sparse files, and their zeros', async () => {
    using folders = new Folders();
    const image = join(folders.root, 'image');
    writeFileSync(image, 'begin');
    truncateSync(image, 1 << 30);
    const { stdout, status } = spawnSync('tar', ['-c', '--sparse', '-C', folders.root, 'image']);
    expect(status).toBe(0);
    rmSync(image);
    writeFileSync(join(folders.context, 'archive'), stdout);
    await folders.run([copyAction('/archive', '/', { unpack: 'auto' })]);
    const { size, blocks } = lstatSync(image);
    expect([size, blocks < 100]).toEqual([1 << 30, true]);
    const content = Buffer.alloc(10, 'x');
    const file = openSync(image, 'r');
    readSync(file, content, 0, 10, 0);
    closeSync(file);
    expect(content.toString()).toBe('begin\0\0\0\0\0');
  });

  it('unpacks every kind of file with its owner, permissions, time and extended attributes', async () => {
    using folders = new Folders();
    const xattrs = new Map([
      ['user.kiln', Buffer.from([255, 0])],
      ['trusted.overlay.opaque', Buffer.from('y')],
    ]);
    const files = await unpack(
      folders,
      makeTar([
        ['d', '/', { mode: 0o1750, uid: 3, gid: 4 }],
        ['d/f', 'hello', { mode: 0o6755, uid: 1, gid: 2, xattrs }],
        ['d/h', '= d/f', { mode: 0o6755, uid: 1, gid: 2 }],
        ['l', '-> /kiln/passwd', { uid: 9 }],
        ['p', 'fifo'],
        ['implied/x/g', '1'],
      ]),
      '/to',
    );
    expect(files).toEqual({
      'to/d/f': 'hello',
      'to/d/h': '= to/d/f',
      'to/l': '-> /kiln/passwd',
      'to/p': 'fifo',
      'to/implied/x/g': '1',
    });
    const at = (name: string) => join(folders.root, 'to', name);
    expect(['', 'd', 'd/f', 'implied/x', 'implied/x/g'].map((name) => attributes(at(name)))).toEqual([
      '755 0:0',
      '1750 3:4',
      '6755 1:2',
      '755 0:0',
      '644 0:0',
    ]);
    expect(['d', 'd/f', 'l'].map((name) => lstatSync(at(name)).mtimeMs)).toEqual([5000, 5000, 5000]);
    expect(lstatSync(at('l')).uid).toBe(9);
    expect(getXattr(at('d/f'), 'user.kiln')).toEqual(Buffer.from([255, 0]));
    expect(getXattr(at('d/f'), 'trusted.overlay.opaque')).toBeUndefined();
  });

  it('gives everything to the owner who is asked for, and leaves permissions alone', async () => {
    using folders = new Folders();
    const owner = { text: '7', input: 0 };
    await unpack(folders, gzipSync(makeTar([['d/f', '1', { mode: 0o600, uid: 1 }]])), '/to', { owner, mode: '777' });
    expect(attributes(join(folders.root, 'to'))).toBe('755 7:7');
    expect(attributes(join(folders.root, 'to/d'))).toBe('755 0:0');
    expect(attributes(join(folders.root, 'to/d/f'))).toBe('600 7:7');
  });

  it('keeps everything below the destination', async () => {
    using folders = new Folders({}, { 'to/l': '-> /kiln', 'kiln/old': '1' });
    writeFileSync(join(folders.path, 'outside'), 'secret');
    const files = await unpack(
      folders,
      makeTar([
        ['../../up', '1'],
        ['/absolute', '2'],
        ['l/passwd', '3'],
        ['s', `-> ${folders.path}`],
        ['s/inside', '4'],
        ['h', '= ../../../absolute'],
      ]),
      '/to',
    );
    expect(files).toEqual({
      'kiln/old': '1',
      'to/absolute': '2',
      'to/kiln/passwd': '3',
      'to/h': '= to/absolute',
      'to/l': '-> /kiln',
      'to/s': `-> ${folders.path}`,
      [`to${folders.path}/inside`]: '4',
      'to/up': '1',
    });
  });

  it('replaces what is in the way, but puts directories together', async () => {
    using folders = new Folders({}, { 'a/f': '1', 'b/f': '2', c: '-> b' });
    const files = await unpack(
      folders,
      makeTar([
        ['./', '/', { mode: 0o700 }],
        ['a', 'now a file'],
        ['b', '/'],
        ['b/g', '3'],
        ['c', '/'],
        ['.wh.b', ''],
      ]),
    );
    expect(files).toEqual({ a: 'now a file', 'b/f': '2', 'b/g': '3', c: '/', '.wh.b': '' });
    expect(lstatSync(folders.root).mode & 0o777).toBe(0o755);
  });

  it('follows a source that is a link and a destination in the root', async () => {
    using folders = new Folders({ l: '-> archive' });
    mkdirSync(join(folders.root, 'real'));
    symlinkSync('/real', join(folders.root, 'link'));
    writeFileSync(join(folders.context, 'archive'), makeTar([['f', '1']]));
    await folders.run([copyAction('/l', '/link', { unpack: 'auto' })]);
    expect(readFiles(folders.root)).toEqual({ link: '-> /real', 'real/f': '1' });
    expect(readlinkSync(join(folders.root, 'link'))).toBe('/real');
  });

  it.each([
    ['a text', Buffer.from('not_a_tar_file')],
    ['a compressed text', gzipSync('hello')],
    ['an empty file', Buffer.alloc(0)],
    ['an empty tar', Buffer.alloc(10_240)],
    ['damaged data', Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0]), Buffer.alloc(600, 'x')])],
  ])('copies %s as it is', async (_, bytes) => {
    using folders = new Folders();
    await unpack(folders, bytes, '/to/');
    expect(Object.keys(readFiles(folders.root))).toEqual(['to/archive']);
  });

  it('copies an archive if it is not to be unpacked', async () => {
    using folders = new Folders();
    await unpack(folders, makeTar([['f', '1']]), '/', { unpack: 'never' });
    expect(Object.keys(readFiles(folders.root))).toEqual(['archive']);
  });

  it('says which archive is broken', async () => {
    using folders = new Folders();
    const whole = makeTar([['f', 'x'.repeat(2000)]]);
    await expect(unpack(folders, whole.subarray(0, 1500))).rejects.toThrow(
      'cannot unpack "/archive": unexpected end of archive',
    );
  });
});
