import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { describeAttributes, describeTree, makeTree, once, TestFolder } from '../layer/testing.ts';
import { statPath } from '../layer/host-path.ts';
import { TarReader } from '../spec/tar/tar-reader.ts';
import { setXattr } from '../system/xattr.ts';
import { exportLocal } from './export-local.ts';
import { exportTar } from './export-tar.ts';

const amd64 = { os: 'linux', architecture: 'amd64' };
const armV7 = { os: 'linux', architecture: 'arm', variant: 'v7' };
const isRoot = process.getuid?.() === 0;
const tree = { a: '1', d: '/', 'd/b': '= a', 'd/s': '-> /etc', e: '/', 'e/f': '2' };

describe('exportLocal', () => {
  it('copies a tree with modes, times, links and attributes', async () => {
    using folder = new TestFolder();
    makeTree(folder.join('root'), isRoot ? { ...tree, n: 'c 1 3', p: 'p' } : tree);
    setXattr(folder.join('root/a'), 'user.k', Buffer.from('v'));
    await exportLocal([{ root: folder.join('root'), platform: amd64 }], folder.join('out'), { split: false });
    expect(describeTree(folder.join('out'))).toEqual(describeTree(folder.join('root')));
    expect(describeAttributes(folder.join('out'))).toEqual(describeAttributes(folder.join('root')));
    expect(readdirSync(folder.path).sort()).toEqual(['out', 'root']);
  });

  it('merges into what is there', async () => {
    using folder = new TestFolder();
    makeTree(folder.join('root'), tree);
    makeTree(folder.join('out'), {
      mine: 'x',
      a: '/',
      'a/x': 'y',
      d: 'file',
      e: '/',
      'e/mine': 'x',
      'e/f': '-> ../mine',
    });
    await exportLocal([{ root: folder.join('root'), platform: amd64 }], folder.join('out'), { split: false });
    expect(describeTree(folder.join('out'))).toEqual({ ...tree, 'e/mine': 'x', mine: 'x' });
  });

  it('follows no symlink in the destination', async () => {
    using folder = new TestFolder();
    makeTree(folder.join('root'), tree);
    mkdirSync(folder.join('outside'));
    mkdirSync(folder.join('out'));
    writeFileSync(folder.join('outside/f'), 'mine');
    symlinkSync(folder.join('outside'), folder.join('out/e'));
    await exportLocal([{ root: folder.join('root'), platform: amd64 }], folder.join('out'), { split: false });
    expect(readFileSync(folder.join('outside/f'), 'utf8')).toBe('mine');
    expect(describeTree(folder.join('out'))).toEqual(tree);
  });

  it('gives platforms directories of their own, and everything the time it is told', async () => {
    using folder = new TestFolder();
    makeTree(folder.join('root'), { d: '/', 'd/b': '' });
    const trees = [amd64, armV7].map((platform) => ({ root: folder.join('root'), platform }));
    await exportLocal(trees, folder.join('out'), { split: true, epoch: 7 });
    expect(Object.keys(describeTree(folder.join('out')))).toEqual([
      ...['linux_amd64', 'linux_amd64/d', 'linux_amd64/d/b'],
      ...['linux_arm_v7', 'linux_arm_v7/d', 'linux_arm_v7/d/b'],
    ]);
    for (const path of Object.keys(describeTree(folder.join('out')))) {
      expect(statPath(folder.join('out', path))?.mtimeNs).toBe(7_000_000_000n);
    }
  });

  it('refuses to write a file twice, or into a file, and leaves nothing', async () => {
    using folder = new TestFolder();
    makeTree(folder.join('root'), { d: '/', 'd/b': '' });
    const trees = [amd64, armV7].map((platform) => ({ root: folder.join('root'), platform }));
    await expect(exportLocal(trees, folder.join('out'), { split: false })).rejects.toThrow(
      'cannot overwrite d/b from linux/amd64 with linux/arm/v7 when split option is disabled',
    );
    expect(readdirSync(folder.path)).toEqual(['root']);
    writeFileSync(folder.join('file'), '');
    await expect(exportLocal(trees, folder.join('file'), { split: true })).rejects.toThrow(
      `destination directory ${folder.join('file')} is a file`,
    );
  });
});

describe('exportTar', () => {
  const paths = async (file: string): Promise<readonly string[]> => {
    const found: string[] = [];
    const reader = new TarReader(once(readFileSync(file)));
    for (let entry = await reader.next(); entry; entry = await reader.next()) {
      found.push(
        `${entry.kind} ${entry.path} ${entry.mtimeNs / 1_000_000_000n}${'target' in entry ? ` ${entry.target}` : ''}`,
      );
    }
    return found;
  };

  it('writes a tree', async () => {
    using folder = new TestFolder();
    makeTree(folder.join('root'), tree);
    await exportTar([{ root: folder.join('root'), platform: amd64 }], folder.join('out'), { split: false });
    const time = 1_700_000_000;
    expect(await paths(folder.join('out'))).toEqual([
      `file a ${time}`,
      `directory d ${time}`,
      `hard-link d/b ${time} a`,
      `symlink d/s ${time} /etc`,
      `directory e ${time}`,
      `file e/f ${time}`,
    ]);
  });

  it('gives platforms directories of their own, and everything the time it is told', async () => {
    using folder = new TestFolder();
    makeTree(folder.join('root'), { a: '', b: '= a' });
    const trees = [amd64, armV7].map((platform) => ({ root: folder.join('root'), platform }));
    await exportTar(trees, folder.join('out'), { split: true, epoch: 7 });
    expect(await paths(folder.join('out'))).toEqual([
      ...['directory linux_amd64 7', 'file linux_amd64/a 7', 'hard-link linux_amd64/b 7 linux_amd64/a'],
      ...['directory linux_arm_v7 7', 'file linux_arm_v7/a 7', 'hard-link linux_arm_v7/b 7 linux_arm_v7/a'],
    ]);
  });
});
