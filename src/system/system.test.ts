import {
  closeSync,
  existsSync,
  ftruncateSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { tryLockFile, unlockFile } from './flock.ts';
import { mount, mountFlags, unmount } from './mount.ts';
import { dataExtents } from './data-extents.ts';
import { makeNode } from './node.ts';
import { SystemError } from './system-error.ts';
import { setTimes } from './times.ts';
import { getXattr, listXattrs, removeXattr, setXattr } from './xattr.ts';

const root = getuid?.() === 0;
const folder = mkdtempSync(join(tmpdir(), 'kiln-system-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function makeFile(name: string): string {
  const path = join(folder, name);
  writeFileSync(path, '');
  return path;
}

describe('mount', () => {
  it.skipIf(!root)('mounts a file system, which is gone when it is unmounted', () => {
    const target = join(folder, 'mounted');
    mkdirSync(target);
    mount({ source: 'none', target, type: 'tmpfs', data: 'size=64k,mode=755' });
    writeFileSync(join(target, 'file'), '');
    unmount(target, mountFlags.MNT_DETACH);
    expect(existsSync(join(target, 'file'))).toBe(false);
  });

  it('fails as a call of node:fs fails', () => {
    const expected = { code: 'ENOENT', syscall: 'mount', path: '/no/such/place' };
    const attempt = (): void => {
      mount({ source: 'none', target: '/no/such/place', type: 'tmpfs' });
    };
    expect(attempt).toThrow(SystemError);
    expect(attempt).toThrow(expect.objectContaining(expected));
    expect(attempt).toThrow("ENOENT: no such file or directory, mount '/no/such/place'");
  });
});

describe('extended attributes', () => {
  it('are set, listed, read and removed', () => {
    const file = makeFile('attributes');
    expect(listXattrs(file)).toEqual([]);
    setXattr(file, 'user.first', Buffer.from([0, 255, 7]));
    setXattr(file, 'user.empty', new Uint8Array());
    expect(listXattrs(file).toSorted()).toEqual(['user.empty', 'user.first']);
    expect(getXattr(file, 'user.first')).toEqual(Buffer.from([0, 255, 7]));
    expect(getXattr(file, 'user.empty')).toEqual(Buffer.alloc(0));
    removeXattr(file, 'user.first');
    expect(getXattr(file, 'user.first')).toBeUndefined();
    expect(() => {
      removeXattr(file, 'user.first');
    }).toThrow(expect.objectContaining({ code: 'ENODATA' }));
  });

  it('of a missing file are an error', () => {
    expect(() => listXattrs(join(folder, 'missing'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(() => getXattr(join(folder, 'missing'), 'user.a')).toThrow(expect.objectContaining({ code: 'ENOENT' }));
  });
});

describe('dataExtents', () => {
  it('are where a file was written to, and nowhere in a file that was not', () => {
    const path = makeFile('sparse');
    const fd = openSync(path, 'r+');
    const size = 8 << 20;
    ftruncateSync(fd, size);
    expect([...dataExtents(fd, size)]).toEqual([]);
    writeSync(fd, 'a', 1 << 20);
    writeSync(fd, 'b', size - 1);
    const extents = [...dataExtents(fd, size)];
    closeSync(fd);
    expect(extents.map(({ start }) => start >> 20)).toEqual([1, 7]);
    expect(extents.at(-1)?.end).toBe(size);
    expect(extents.reduce((sum, { start, end }) => sum + end - start, 0)).toBeLessThan(1 << 20);
  });

  it('are none in an empty file', () => {
    const fd = openSync(makeFile('empty'), 'r');
    expect([...dataExtents(fd, 0)]).toEqual([]);
    closeSync(fd);
  });
});

describe('makeNode', () => {
  it.skipIf(!root)('makes devices with large numbers', () => {
    const path = join(folder, 'device');
    makeNode(path, 0o020600, 259, 70000);
    const status = lstatSync(path);
    expect(status.isCharacterDevice()).toBe(true);
    expect(status.rdev & 0xff).toBe(70000 & 0xff);
    expect((status.rdev >> 8) & 0xfff).toBe(259);
  });

  it('makes fifos', () => {
    const path = join(folder, 'fifo');
    makeNode(path, 0o010600, 0, 0);
    expect(lstatSync(path).isFIFO()).toBe(true);
  });
});

describe('setTimes', () => {
  it('is exact to the nanosecond, before 1970 as well', () => {
    const file = makeFile('times');
    for (const time of [1_700_000_000_123_456_789n, 0n, -1n, -1_500_000_000n]) {
      setTimes(file, time);
      const status = lstatSync(file, { bigint: true });
      expect(status.mtimeNs).toBe(time);
      expect(status.atimeNs).toBe(time);
    }
  });

  it('sets those of a symlink, not of what it points to', () => {
    const link = join(folder, 'link');
    symlinkSync('nowhere', link);
    setTimes(link, 1_000_000_001n);
    expect(lstatSync(link, { bigint: true }).mtimeNs).toBe(1_000_000_001n);
  });
});

describe('a lock of a file', () => {
  it('is exclusive or shared, and free again after', () => {
    const path = makeFile('lock');
    const first = openSync(path, 'r');
    const second = openSync(path, 'r');
    expect(tryLockFile(first, 'shared')).toBe(true);
    expect(tryLockFile(second, 'shared')).toBe(true);
    expect(tryLockFile(second, 'exclusive')).toBe(false);
    unlockFile(first);
    expect(tryLockFile(second, 'exclusive')).toBe(true);
    expect(tryLockFile(first, 'shared')).toBe(false);
    closeSync(second);
    expect(tryLockFile(first, 'exclusive')).toBe(true);
    closeSync(first);
  });
});
