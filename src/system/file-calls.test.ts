import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fromBytes } from '../spec/byte-string.ts';
import { fileSummary } from './file-summary.ts';
import { callLoop } from './call-loop.ts';
import { lstatAll } from './lstat-all.ts';
import { makeNode } from './node.ts';
import { ReadBatch } from './read-batch.ts';
import { listXattrs, listXattrsOfAll, setXattr } from './xattr.ts';

const folder = mkdtempSync(join(tmpdir(), 'kiln-calls-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const fields = [
  ...['dev', 'ino', 'mode', 'nlink', 'uid', 'gid', 'rdev', 'size', 'blocks', 'mtimeNs', 'ctimeNs', 'birthtimeNs'],
] as const;
const questions = [
  ...['isFile', 'isDirectory', 'isSymbolicLink', 'isFIFO', 'isSocket', 'isCharacterDevice', 'isBlockDevice'],
] as const;

function answers(stat: object | undefined): Readonly<Record<string, unknown>> | undefined {
  if (!stat) return undefined;
  const values = stat as Readonly<Record<string, unknown>>;
  const asked = questions.map((name) => [name, (values[name] as () => boolean).call(stat)] as const);
  return Object.fromEntries([...fields.map((name) => [name, values[name]] as const), ...asked]);
}

it('has machine code for this processor, without which calls are made one by one', () => {
  expect(callLoop().loop).toBeDefined();
});

describe('many files', () => {
  const path = (name: string): string => join(folder, name);
  mkdirSync(path('directory'));
  writeFileSync(path('file'), 'content');
  chmodSync(path('file'), 0o6751);
  writeFileSync(path('empty'), '');
  linkSync(path('file'), path('linked'));
  symlinkSync('nowhere', path('link'));
  symlinkSync('directory', path('link-to-directory'));
  makeNode(path('pipe'), 0o010644, 0, 0);
  writeFileSync(path('old'), '');
  utimesSync(path('old'), -1000.5, -1000.5);
  writeFileSync(path('sparse'), '');
  truncateSync(path('sparse'), 2 ** 33 + 5);
  const notUtf8 = Buffer.concat([Buffer.from(path('')), Buffer.from([0xff, 0xe4])]);
  writeFileSync(notUtf8, 'x');
  const ordinary = ['directory', 'file', 'empty', 'linked', 'link', 'link-to-directory', 'pipe', 'old', 'sparse'];
  const all: readonly (string | Buffer)[] = [
    ...ordinary.map(path),
    ...[path('missing'), notUtf8, '/dev/null', '/proc/self/status', '/'],
  ];

  it('are what Node says of each', async () => {
    const server = createServer().listen(path('socket'));
    await new Promise((resolve) => server.once('listening', resolve));
    const paths = [...all, path('socket')];
    const times = ['mtimeNs', 'ctimeNs', 'birthtimeNs', 'ino'];
    const steady = (stat: object | undefined, index: number) => {
      const found = answers(stat);
      // What is below /proc is made when it is looked at.
      const isMade = paths[index] === '/proc/self/status';
      return found && isMade ? { ...found, ...Object.fromEntries(times.map((name) => [name, 0])) } : found;
    };
    const expected = paths.map((one) => lstatSync(one, { bigint: true, throwIfNoEntry: false }));
    expect(lstatAll(paths).map(steady)).toEqual(expected.map(steady));
    server.close();
  });

  it('have the same summary, whoever asked', () => {
    const stats = lstatAll(all);
    for (const [index, one] of all.entries()) {
      const stat = stats[index];
      if (one === '/proc/self/status') continue;
      const byNode = lstatSync(one, { bigint: true, throwIfNoEntry: false });
      expect(stat && fileSummary(stat)).toBe(byNode && fileSummary(byNode));
    }
    expect(new Set(stats.map((stat) => stat && fileSummary(stat))).size).toBe(
      // A file has two names.
      all.length - 1,
    );
  });

  it('may be more than are asked at a time, with paths that are longer than there is room for', () => {
    const long = path(`${'d/../'.repeat(700)}file`);
    const tooLong = path('n'.repeat(5000));
    mkdirSync(path('d'));
    const paths = Array.from({ length: 1000 }, (_, n) =>
      n % 7 === 0 ? long : n % 5 === 0 ? path('missing') : path('file'),
    );
    const { ino } = lstatSync(path('file'), { bigint: true });
    expect(lstatAll(paths).map((stat) => stat?.ino)).toEqual(
      paths.map((one) => (one === path('missing') ? undefined : ino)),
    );
    expect(() => lstatAll([path('file'), tooLong])).toThrow('ENAMETOOLONG');
    expect(() => lstatAll([path('file'), 'x'.repeat(100_000)])).toThrow('ENAMETOOLONG');
    expect(() => lstatAll([path('file/below')])).toThrow('ENOTDIR');
    expect(lstatAll([path('file')])[0]?.ino).toBe(ino);
  });

  it('have the attributes that each of them has', () => {
    setXattr(path('file'), 'user.one', Buffer.from('1'));
    setXattr(path('file'), 'user.two', Buffer.from('2'));
    setXattr(path('directory'), `user.${'long'.repeat(50)}`, Buffer.from('3'));
    setXattr(path('directory'), `user.${'more'.repeat(50)}`, Buffer.from('3'));
    const texts = [...ordinary.map(path), fromBytes(notUtf8)];
    expect(listXattrsOfAll(texts)).toEqual(texts.map(listXattrs));
    expect(() => listXattrsOfAll([path('missing')])).toThrow('ENOENT');
  });
});

describe('a batch of files to be read', () => {
  it('fills what it is given, and says of which files it did not', async () => {
    const batch = ReadBatch.make();
    if (!batch) throw new Error('there is none');
    const path = (name: string): string => join(folder, name);
    writeFileSync(path('a'), 'aaaa');
    writeFileSync(path('b'), 'bbbbbb');
    const target = Buffer.alloc(20, '.');
    const part = (at: number, end = target.length) => ({ block: target, at, size: end - at });
    expect(batch.add(path('a'), part(0, 4), true)).toBe(true);
    expect(batch.add(Buffer.from(path('b')), part(5, 9), false)).toBe(true);
    expect(batch.add(path('a'), part(10, 15), true)).toBe(true);
    expect(batch.add(path('link-to-directory'), part(16), true)).toBe(true);
    expect(batch.add(path('pipe'), part(16), true)).toBe(true);
    await batch.run();
    expect([0, 1, 2, 3, 4].map((index) => batch.isFilled(index))).toEqual([true, true, false, false, false]);
    expect(target.toString()).toBe('aaaa.bbbb.aaaa......');
    expect(batch.summary(0)).toBe(fileSummary(lstatSync(path('a'), { bigint: true })));
    expect(batch.summary(1)).toBeUndefined();
    batch.clear();
    target.fill('.');
    expect(batch.add(path('b'), part(0, 6), false)).toBe(true);
    await batch.run();
    expect(batch.isFilled(0)).toBe(true);
    expect(target.toString('latin1', 0, 7)).toBe('bbbbbb.');
  });
});
