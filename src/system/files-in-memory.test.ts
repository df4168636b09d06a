import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync, writeSync, readSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getuid, pid } from 'node:process';
import { afterAll, describe, expect, it } from 'vitest';
import { closeDescriptor } from './descriptor.ts';
import { openMemoryFile } from './memory-file.ts';
import { unmount } from './mount.ts';
import { mountOverlay } from './overlay.ts';
import { openPipe } from './pipe.ts';

const folder = mkdtempSync(join(tmpdir(), 'kiln-system-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

function makeFolder(...names: readonly string[]): string {
  const path = join(folder, ...names);
  mkdirSync(path, { recursive: true });
  return path;
}

describe('a file in memory', () => {
  it('can be written and executed', () => {
    const fd = openMemoryFile('script');
    writeSync(fd, '#!/bin/sh\necho "it runs"\n');
    expect(execFileSync('/bin/sh', [`/proc/${pid}/fd/${fd}`], { encoding: 'utf8' })).toBe('it runs\n');
    closeDescriptor(fd);
  });
});

describe('a pipe', () => {
  it('gives what is written into it', () => {
    const { readEnd, writeEnd } = openPipe();
    writeSync(writeEnd, 'through');
    closeDescriptor(writeEnd);
    const buffer = Buffer.alloc(16);
    expect(buffer.toString('utf8', 0, readSync(readEnd, buffer))).toBe('through');
    expect(readSync(readEnd, buffer)).toBe(0);
    closeDescriptor(readEnd);
  });

  it('does not wait if told so', () => {
    const { readEnd, writeEnd } = openPipe({ nonBlocking: true });
    expect(() => readSync(readEnd, Buffer.alloc(1))).toThrow(expect.objectContaining({ code: 'EAGAIN' }));
    closeDescriptor(readEnd);
    closeDescriptor(writeEnd);
  });
});

describe.skipIf(getuid?.() !== 0)('an overlay', () => {
  it.each([3, 300, 900])('of %i layers shows the uppermost file and keeps changes apart', (count) => {
    const name = `overlay-${count}-with,odd:name`;
    const lowers = Array.from({ length: count }, (_, index) => makeFolder(name, `${index}`, 'fs'));
    lowers.forEach((lower, index) => {
      writeFileSync(join(lower, 'top'), `${index}`);
      writeFileSync(join(lower, `of-${index}`), '');
    });
    const [upper, work, target] = [makeFolder(name, 'upper'), makeFolder(name, 'work'), makeFolder(name, 'target')];
    mountOverlay({ lowers, upper, work, target, userXattr: false });
    try {
      expect(readFileSync(join(target, 'top'), 'utf8')).toBe(`${count - 1}`);
      expect(existsSync(join(target, 'of-0'))).toBe(true);
      writeFileSync(join(target, 'new'), '');
    } finally {
      unmount(target);
    }
    expect(existsSync(join(upper, 'new'))).toBe(true);
  });

  it('of more layers than can be is refused with what to do', () => {
    const lowers = Array.from({ length: 980 }, (_, index) => `/${index}`);
    expect(() => {
      mountOverlay({ lowers, target: '/nowhere', userXattr: false });
    }).toThrow(expect.objectContaining({ code: 'system/too-many-layers' }));
  });

  it('shows a layer that comes twice where it comes last', () => {
    const [one, two, target] = ['one', 'two', 'target'].map((name) => makeFolder('twice', name)) as [
      string,
      string,
      string,
    ];
    for (const lower of [one, two]) writeFileSync(join(lower, 'top'), lower);
    mountOverlay({ lowers: [one, two, one], target, userXattr: false });
    try {
      expect(readFileSync(join(target, 'top'), 'utf8')).toBe(one);
    } finally {
      unmount(target);
    }
  });
});
