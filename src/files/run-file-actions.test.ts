import {
  chmodSync,
  chownSync,
  closeSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CopyAction } from '../graph/file-op.ts';
import { makeNode } from '../system/node.ts';
import { setTimes } from '../system/times.ts';
import { getXattr, listXattrs, setXattr } from '../system/xattr.ts';
import { attributes, copyAction, Folders, isRoot, makeFiles, oldTime, readFiles, type Files } from './testing.ts';

describe.skipIf(!isRoot)('runFileActions', () => {
  it.each<[title: string, context: Files, root: Files, actions: readonly CopyAction[], expected: Files]>([
    ['copies a file to a name', { f: '1' }, {}, [copyAction('/f', '/a/b')], { 'a/b': '1' }],
    ['copies a file into a directory that is there', { f: '1' }, { d: '/' }, [copyAction('/f', '/d')], { 'd/f': '1' }],
    ['makes a directory of a name with a slash', { f: '1' }, {}, [copyAction('/f', '/d/')], { 'd/f': '1' }],
    ['replaces a file', { f: '1' }, { g: '2' }, [copyAction('/f', '/g')], { g: '1' }],
    ['copies what is in a directory', { 'd/e/f': '1' }, {}, [copyAction('/d', '/x')], { 'x/e/f': '1' }],
    ['copies what is in the root', { f: '1' }, {}, [copyAction('/', '/')], { f: '1' }],
    [
      'puts directories together',
      { 'd/e/f': '1' },
      { 'x/e/g': '2' },
      [copyAction('/d', '/x')],
      { 'x/e/f': '1', 'x/e/g': '2' },
    ],
    [
      'lets the last match of a wildcard win where there is room for one',
      { a1: '1', a2: '2' },
      {},
      [copyAction('/a*', '/x')],
      { x: '2' },
    ],
    [
      'copies the content of directories that a wildcard matches',
      { 'd/a/f': '1', 'd/b/g': '2', 'd/h': '3' },
      {},
      [copyAction('/d/*', '/x/')],
      { 'x/f': '1', 'x/g': '2', 'x/h': '3' },
    ],
    ['is content with a wildcard without matches', { f: '1' }, {}, [copyAction('/*.c', '/x/')], {}],
    ['takes a bracket for a wildcard', { x1: '1', 'x[1]': '2' }, {}, [copyAction('/x[1]', '/y')], { y: '1' }],
    ['lets a set stand for a bracket', { x1: '1', 'x[1]': '2' }, {}, [copyAction('/x[[]1]', '/y')], { y: '2' }],
    ['follows a source that is a link', { d: '-> e', 'e/f': '1' }, {}, [copyAction('/d/f', '/x')], { x: '1' }],
    ['copies what a link means', { l: '-> f', f: '1' }, {}, [copyAction('/l', '/x/')], { 'x/l': '1' }],
    ['keeps links in directories', { 'd/l': '-> /f' }, {}, [copyAction('/d', '/x')], { 'x/l': '-> /f' }],
    [
      'keeps links of the source inside of it',
      { l: '-> ../../../e', 'e/f': '1' },
      {},
      [copyAction('/l/f', '/x')],
      { x: '1' },
    ],
    [
      'follows links in the destination, inside of it',
      { f: '1' },
      { 'var/run': '-> ../../../run', run: '/' },
      [copyAction('/f', '/var/run/')],
      { 'var/run': '-> ../../../run', 'run/f': '1' },
    ],
    [
      'makes what a link in the destination points to',
      { f: '1' },
      { l: '-> /there' },
      [copyAction('/f', '/l/')],
      { l: '-> /there', 'there/f': '1' },
    ],
    [
      'replaces links in the destination if told to',
      { f: '1' },
      { l: '-> there', 'there/g': '2' },
      [copyAction('/f', '/l/', { replace: true })],
      { 'l/f': '1', 'there/g': '2' },
    ],
    [
      'replaces a directory by a file if told to',
      { 'd/f': '1' },
      { 'f/g': '2' },
      [copyAction('/d', '/', { replace: true })],
      { f: '1' },
    ],
    [
      'keeps hard links within a directory, but not between sources',
      { 'd/f': '1', 'd/g': '= d/f' },
      {},
      [copyAction('/d', '/x'), copyAction('/d/f', '/y')],
      { 'x/f': '1', 'x/g': '= x/f', y: '1' },
    ],
    [
      'leaves out what is excluded, relative to each source',
      { 'd/a.txt': '1', 'd/e/a.txt': '2', 'd/e/f': '3' },
      {},
      [copyAction('/d', '/x', { excludes: ['a.txt'] }), copyAction('/d', '/y', { excludes: ['**/*.txt', '!e/a.txt'] })],
      { 'x/e/a.txt': '2', 'x/e/f': '3', 'y/e/a.txt': '2', 'y/e/f': '3' },
    ],
    [
      'does not exclude a file that is the source',
      { 'a.txt': '1' },
      {},
      [copyAction('/a.txt', '/', { excludes: ['*.txt'] })],
      { 'a.txt': '1' },
    ],
    [
      'keeps the directories above with --parents',
      { 'a/b/f': '1', 'a/c/f': '2', 'a/g': '3' },
      {},
      [copyAction('/a/b/f', '/x/', { parents: true }), copyAction('/a/*/f', '/y/', { parents: true })],
      { 'x/a/b/f': '1', 'y/a/b/f': '1', 'y/a/c/f': '2' },
    ],
    [
      'begins at the pivot of --parents',
      { 'a/b/c/f': '1', 'a/b/c/d/g': '2' },
      {},
      [copyAction('/a/./b/c', '/x/', { parents: true }), copyAction('/a/b/./**/g', '/y/', { parents: true })],
      { 'x/b/c/f': '1', 'x/b/c/d/g': '2', 'y/c/d/g': '2' },
    ],
  ])('%s', async (_, context, root, actions, expected) => {
    using folders = new Folders(context, root);
    await folders.run(actions);
    expect(readFiles(folders.root)).toEqual(expected);
  });

  it.each<[title: string, context: Files, root: Files, action: CopyAction, message: string]>([
    [
      'a source that is not there',
      {},
      {},
      copyAction('/nope', '/'),
      'failed to compute cache key: failed to calculate checksum of ref: "/nope": not found',
    ],
    [
      'a source below a file',
      { f: '1' },
      {},
      copyAction('/f/g', '/'),
      'failed to compute cache key: failed to calculate checksum of ref: "/f/g": not found',
    ],
    [
      'a source of --parents that is not there',
      { 'a/f': '1' },
      {},
      copyAction('/a/b', '/', { parents: true }),
      'failed to compute cache key: failed to calculate checksum of ref: "/a/b": not found',
    ],
    ['a wildcard in no directory', {}, {}, copyAction('/a/*', '/'), 'lstat /a: no such file or directory'],
    [
      'a pattern that is none',
      { f: '1' },
      {},
      copyAction('/[a', '/'),
      'failed to compute cache key: failed to calculate checksum of ref: syntax error in pattern',
    ],
    ['a directory on a file', { 'd/f': '1' }, { x: '2' }, copyAction('/d', '/x'), 'cannot copy to non-directory: /x'],
    [
      'a directory in it on a file',
      { 'd/e/f': '1' },
      { 'x/e': '2' },
      copyAction('/d', '/x'),
      'cannot copy to non-directory: /x/e',
    ],
    [
      'a file on a directory',
      { 'd/e': '1' },
      { 'x/e/f': '2' },
      copyAction('/d', '/x'),
      'cannot replace to directory /x/e with file',
    ],
    ['a file below a file', { f: '1' }, { x: '2' }, copyAction('/f', '/x/y'), 'mkdir /x: not a directory'],
    ['links in a circle', { f: '1' }, { a: '-> b', b: '-> a' }, copyAction('/f', '/a'), 'too many links: /a'],
  ])('refuses %s', async (_, context, root, action, message) => {
    using folders = new Folders(context, root);
    await expect(folders.run([action])).rejects.toThrow(expect.objectContaining({ name: 'KilnError', message }));
  });

  it('gives files of a context to root, with their permissions and times', async () => {
    using folders = new Folders({ 'd/f': '1', 'd/e': '/' });
    chownSync(join(folders.context, 'd/f'), 12, 34);
    chmodSync(join(folders.context, 'd/f'), 0o6711);
    chmodSync(join(folders.context, 'd/e'), 0o1700);
    await folders.run([copyAction('/d', '/new/x')]);
    const at = (name: string) => join(folders.root, name);
    expect(['new', 'new/x', 'new/x/f', 'new/x/e'].map((name) => attributes(at(name)))).toEqual([
      '755 0:0',
      '755 0:0',
      '6711 0:0',
      '1700 0:0',
    ]);
    const times = ['new/x', 'new/x/f', 'new/x/e'].map((name) => lstatSync(at(name), { bigint: true }).mtimeNs);
    expect(times).toEqual([oldTime, oldTime, oldTime]);
  });

  it('keeps the owners of files of a snapshot', async () => {
    using folders = new Folders({ 'd/f': '1' });
    chownSync(join(folders.context, 'd'), 5, 6);
    chownSync(join(folders.context, 'd/f'), 12, 34);
    const snapshot = { root: folders.context, kind: 'snapshot' as const };
    await folders.run([copyAction('/', '/x')], { inputs: [undefined, snapshot] });
    expect(attributes(join(folders.root, 'x/d'))).toBe('755 5:6');
    expect(attributes(join(folders.root, 'x/d/f'))).toBe('644 12:34');
  });

  it('gives everything that it makes to the owner who is asked for, and the permissions', async () => {
    using folders = new Folders({ 'd/f': '1', 'd/e/g': '2' }, { 'old/h': '3' });
    const owner = { text: '7:8', input: 0 };
    await folders.run([
      copyAction('/d', '/old/new/x', { owner, mode: '750' }),
      copyAction('/d', '/y/', { owner, mode: 'go-r,u+x' }),
    ]);
    const names = ['old', 'old/new', 'old/new/x', 'old/new/x/e', 'old/new/x/f', 'y', 'y/e', 'y/f'];
    expect(names.map((name) => `${name} ${attributes(join(folders.root, name))}`)).toEqual([
      'old 755 0:0',
      'old/new 750 7:8',
      'old/new/x 750 7:8',
      'old/new/x/e 750 7:8',
      'old/new/x/f 750 7:8',
      'y 755 7:8',
      'y/e 711 7:8',
      'y/f 700 7:8',
    ]);
  });

  it('leaves a destination that is there alone, but gives directories in it the attributes of the source', async () => {
    using folders = new Folders({ 'd/e/f': '1' }, { 'x/e/g': '2' });
    for (const name of ['x', 'x/e']) {
      chownSync(join(folders.root, name), 3, 3);
      chmodSync(join(folders.root, name), 0o700);
    }
    await folders.run([copyAction('/d', '/x')]);
    expect(attributes(join(folders.root, 'x'))).toBe('700 3:3');
    expect(attributes(join(folders.root, 'x/e'))).toBe('755 0:0');
  });

  it('copies fifos, makes empty files of sockets and keeps extended attributes', async () => {
    using folders = new Folders({ 'd/p': 'fifo', 'd/f': '1' });
    setXattr(join(folders.context, 'd/f'), 'user.kiln', Buffer.from([0, 255]));
    const server = createServer().listen(join(folders.context, 'd/s'));
    await folders.run([copyAction('/d', '/x')]);
    server.close();
    expect(readFiles(folders.root)).toEqual({ 'x/f': '1', 'x/p': 'fifo', 'x/s': '' });
    expect(getXattr(join(folders.root, 'x/f'), 'user.kiln')).toEqual(Buffer.from([0, 255]));
  });

  it('copies names that are not UTF-8 byte by byte', async () => {
    using folders = new Folders({ d: '/' });
    const name = Buffer.from('d/\xff\xe4', 'latin1');
    writeFileSync(Buffer.concat([Buffer.from(`${folders.context}/`), name]), '1');
    await folders.run([copyAction('/d', '/x'), copyAction('/d/\udcff\udce4', '/\udcfe')]);
    expect(readdirSync(folders.root, 'latin1').sort()).toEqual(['x', '\xfe']);
    expect(readdirSync(join(folders.root, 'x'), 'latin1')).toEqual(['\xff\xe4']);
  });

  it('keeps extended attributes and exact times of names that are not UTF-8', async () => {
    using folders = new Folders({ d: '/' });
    const name = (...parts: readonly string[]) => join(...parts, 'f\udcff');
    const file = Buffer.concat([Buffer.from(`${folders.context}/d/f`), Buffer.from([0xff])]);
    writeFileSync(file, '1');
    // The kernel must not take it for this one.
    writeFileSync(join(folders.context, 'd/f\ufffd'), '2');
    setXattr(name(folders.context, 'd'), 'user.kiln', Buffer.from('v'));
    setTimes(name(folders.context, 'd'), oldTime + 1n);
    expect(listXattrs(join(folders.context, 'd/f\ufffd'))).toEqual([]);
    await folders.run([copyAction('/d', '/x')]);
    expect(getXattr(name(folders.root, 'x'), 'user.kiln')?.toString()).toBe('v');
    const copy = Buffer.concat([Buffer.from(`${folders.root}/x/f`), Buffer.from([0xff])]);
    expect(lstatSync(copy, { bigint: true }).mtimeNs).toBe(oldTime + 1n);
  });

  it('copies fifos whose names are not UTF-8', async () => {
    using folders = new Folders({ d: '/' });
    makeNode(join(folders.context, 'd/p\udcff'), 0o010644, 0, 0);
    await folders.run([copyAction('/d', '/x')]);
    expect(readdirSync(join(folders.root, 'x'), 'latin1')).toEqual(['p\xff']);
  });

  it('does not see what is ignored', async () => {
    using folders = new Folders({ 'a/b/f': '1', 'a/c': '2', '.env': '3', g: '4' });
    const inputs = [undefined, folders.tree('.env', 'a', '!a/b')];
    await folders.run([copyAction('/', '/x'), copyAction('/a/b/f', '/y')], { inputs });
    expect(readFiles(folders.root)).toEqual({ 'x/a/b/f': '1', 'x/g': '4', y: '1' });
    await expect(folders.run([copyAction('/a/c', '/')], { inputs })).rejects.toThrow('"/a/c": not found');
  });

  it.each([3_000_000, 70_000_001])('copies a file of %i bytes', async (size) => {
    using folders = new Folders();
    writeFileSync(join(folders.context, 'f'), Buffer.alloc(size, 'kiln'));
    await folders.run([copyAction('/f', '/g')]);
    expect(readFileSync(join(folders.root, 'g')).equals(Buffer.alloc(size, 'kiln'))).toBe(true);
  });

  it.each([[4 << 20], [10 * 2 ** 30]])('copies a file of %i bytes that is nearly all hole as one', async (size) => {
    using folders = new Folders();
    const [source, target] = [join(folders.context, 'f'), join(folders.root, 'g')];
    const places = [0, Math.floor(size / 3), size - 5];
    const file = openSync(source, 'w');
    for (const place of places) writeSync(file, 'kiln', place);
    ftruncateSync(file, size);
    closeSync(file);
    await folders.run([copyAction('/f', '/g')]);
    const copy = statSync(target);
    expect(copy.size).toBe(size);
    expect(copy.blocks).toBeLessThanOrEqual(Math.max(statSync(source).blocks, 3 * 8));
    const found = openSync(target, 'r');
    const read = Buffer.alloc(6);
    for (const place of places) {
      read.fill(0);
      readSync(found, read, 0, 6, place);
      expect(read.toString('latin1', 0, 5)).toBe('kiln\0');
    }
    closeSync(found);
  });

  it.each([
    ['/src/ap.ts', 'did you mean /src/app.ts?'],
    ['/src/secret', 'it is there, but .dockerignore excludes it'],
    ['/lib/app.ts', 'sources are paths in the build context; what .dockerignore excludes is not there'],
    ['/src/app.ts/x', 'sources are paths in the build context; what .dockerignore excludes is not there'],
  ])('guesses why %s is missing', async (source, hint) => {
    using folders = new Folders({ 'src/app.ts': '', 'src/secret': '' });
    const inputs = [undefined, folders.tree('**/secret')];
    const error: unknown = await folders.run([copyAction(source, '/')], { inputs }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'files/not-found', hint });
  });

  it('makes the file of a heredoc', async () => {
    using folders = new Folders();
    const base = { kind: 'makeFile', name: 'EOF', content: 'hi\n', owner: undefined, timestamp: 5 } as const;
    await folders.run([
      { ...base, destination: '/a/', mode: '' },
      { ...base, destination: '/b', mode: '4755', owner: { text: '3', input: 0 } },
    ]);
    expect(readFiles(folders.root)).toEqual({ 'a/EOF': 'hi\n', b: 'hi\n' });
    expect(attributes(join(folders.root, 'a/EOF'))).toBe('644 0:0');
    expect(attributes(join(folders.root, 'b'))).toBe('4755 3:3');
    expect(lstatSync(join(folders.root, 'a/EOF')).mtimeMs).toBe(5000);
    expect(lstatSync(join(folders.root, 'a')).mtimeMs).toBeGreaterThan(5000);
  });

  it('makes the directories of WORKDIR for the user whom the root knows', async () => {
    using folders = new Folders({}, { 'etc/passwd': 'root:x:0:0::/:\nkiln:x:11:12::/:\n', old: '/' });
    const base = { kind: 'makeDirectory', mode: 0o755, timestamp: 7 } as const;
    await folders.run([
      { ...base, path: '/old/a/b', owner: { text: 'kiln', input: 0 } },
      { ...base, path: '/c', owner: { text: 'nobody', input: 0 } },
    ]);
    expect(['old', 'old/a', 'old/a/b', 'c'].map((name) => attributes(join(folders.root, name)))).toEqual([
      '755 0:0',
      '755 11:12',
      '755 11:12',
      '755 0:0',
    ]);
    expect(lstatSync(join(folders.root, 'old/a')).mtimeMs).toBe(7000);
  });

  it('stops when it is told to', async () => {
    using folders = new Folders(Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`d/${index}`, 'x'])));
    const controller = new AbortController();
    setTimeout(() => {
      controller.abort(new Error('enough'));
    }, 5);
    await expect(folders.run([copyAction('/d', '/x')], { signal: controller.signal })).rejects.toThrow('enough');
  });

  it('says what the kernel refused', async () => {
    using folders = new Folders({ f: '1' });
    makeFiles(folders.root, {});
    mkdirSync(join(folders.root, 'x'));
    const name = 'n'.repeat(300);
    await expect(folders.run([copyAction('/f', `/x/${name}`)])).rejects.toThrow(
      expect.objectContaining({ code: 'files/system', message: `lstat /x/${name}: file name too long` }),
    );
  });
});
