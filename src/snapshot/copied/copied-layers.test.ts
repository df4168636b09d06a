import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  ftruncateSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { getuid } from 'node:process';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeTree } from '../../layer/testing.ts';
import { makeNode } from '../../system/node.ts';
import { setTimes } from '../../system/times.ts';
import { removeXattr, setXattr } from '../../system/xattr.ts';
import { TestStore } from '../testing.ts';
import { anyChange, anyLastChange, makeBase, makeLayer, type At, type Change } from './testing.ts';

/** Only root may mount overlays and make devices. */
const isRoot = getuid?.() === 0;
const capability = Buffer.from('0100000200200000000000000000000000000000', 'hex');

const changes: Readonly<Record<string, Change>> = {
  'nothing at all': () => undefined,
  'a new file': (at) => {
    writeFileSync(at('d/inner/new'), 'new', { mode: 0o640 });
  },
  'a new directory with something in it': (at) => {
    mkdirSync(at('n/m'), { recursive: true });
    writeFileSync(at('n/m/file'), 'new');
  },
  'a file that is written to': (at) => {
    appendFileSync(at('d/inner/deep/w'), 'more');
  },
  'a file that is written anew with the same content': (at) => {
    writeFileSync(at('a'), 'content of a');
  },
  'a file that is written anew with the same content and gets its time back': (at) => {
    const { mtimeNs } = lstatSync(at('a'), { bigint: true });
    writeFileSync(at('a'), 'content of a');
    setTimes(at('a'), mtimeNs);
  },
  'a file of the same size and time with another content': (at) => {
    const { mtimeNs } = lstatSync(at('a'), { bigint: true });
    writeFileSync(at('a'), 'CONTENT OF A');
    setTimes(at('a'), mtimeNs);
  },
  'a mode': (at) => {
    chmodSync(at('d/inner/z'), 0o600);
  },
  'a mode that stays what it is': (at) => {
    chmodSync(at('d/inner/z'), lstatSync(at('d/inner/z')).mode & 0o7777);
  },
  'the mode of a directory': (at) => {
    chmodSync(at('d/inner'), 0o1777);
  },
  'an owner': (at) => {
    chownSync(at('setuid'), 7, 8);
  },
  'a time': (at) => {
    utimesSync(at('e/f'), 1, 1);
  },
  'the time of a directory': (at) => {
    utimesSync(at('e'), 1, 1);
  },
  'an extended attribute': (at) => {
    setXattr(at('a'), 'security.capability', capability);
  },
  'an extended attribute that is gone': (at) => {
    removeXattr(at('capable'), 'security.capability');
  },
  'a file that is gone': (at) => {
    rmSync(at('d/x'));
  },
  'a file of both layers that is gone and made again': (at) => {
    rmSync(at('d/x'));
    writeFileSync(at('d/x'), 'again');
  },
  'a file that comes and goes': (at) => {
    writeFileSync(at('d/inner/temporary'), '');
    rmSync(at('d/inner/temporary'));
  },
  'a directory that is gone': (at) => {
    rmSync(at('d'), { recursive: true });
  },
  'a directory that is gone and made again': (at) => {
    rmSync(at('d'), { recursive: true });
    mkdirSync(at('d'));
    writeFileSync(at('d/x'), 'only this');
  },
  'a directory that is in the place of a file': (at) => {
    rmSync(at('a'));
    mkdirSync(at('a/b'), { recursive: true });
  },
  'a file that is in the place of a directory': (at) => {
    rmSync(at('d'), { recursive: true });
    writeFileSync(at('d'), 'a file');
  },
  'a symlink that is in the place of a directory': (at) => {
    rmSync(at('e'), { recursive: true });
    symlinkSync('d', at('e'));
  },
  'a directory that is in the place of a symlink': (at) => {
    rmSync(at('folder-link'));
    mkdirSync(at('folder-link'));
  },
  'another target of a symlink': (at) => {
    rmSync(at('link'));
    symlinkSync('elsewhere', at('link'));
  },
  'a file with another name': (at) => {
    renameSync(at('d/x'), at('e/moved'));
  },
  'a file that takes the place of another': (at) => {
    renameSync(at('a'), at('d/x'));
  },
  'a new directory with another name': (at) => {
    mkdirSync(at('n'));
    writeFileSync(at('n/file'), '');
    renameSync(at('n'), at('m'));
  },
  'a new directory that takes the place of an old one': (at) => {
    mkdirSync(at('n'));
    writeFileSync(at('n/file'), '');
    renameSync(at('n'), at('empty'));
  },
  'another name of an old file': (at) => {
    linkSync(at('a'), at('d/inner/also-a'));
  },
  'another name in a new directory': (at) => {
    mkdirSync(at('n'));
    linkSync(at('a'), at('n/also-a'));
  },
  'another name for a moment': (at) => {
    linkSync(at('a'), at('b'));
    rmSync(at('b'));
  },
  'another name instead of the old one': (at) => {
    linkSync(at('a'), at('b'));
    rmSync(at('a'));
  },
  'one name less': (at) => {
    rmSync(at('d/two'));
  },
  'several names of a new file': (at) => {
    writeFileSync(at('p'), 'p');
    linkSync(at('p'), at('d/inner/q'));
    linkSync(at('p'), at('e/r'));
  },
  'a fifo, a device and a socket': (at) => {
    makeNode(at('e/fifo'), 0o010600, 0, 0);
    makeNode(at('e/null'), 0o020666, 1, 3);
    makeNode(at('e/disk'), 0o060660, 7, 300);
    makeNode(at('e/socket'), 0o140755, 0, 0);
  },
  'a device that is another': (at) => {
    rmSync(at('device'));
    makeNode(at('device'), 0o020660, 1, 5);
  },
  'the mode of a fifo': (at) => {
    chmodSync(at('fifo'), 0o600);
  },
  'holes that are written to': (at) => {
    const fd = openSync(at('sparse'), 'r+');
    writeSync(fd, 'x', 5 << 20);
    ftruncateSync(fd, 9 << 20);
    closeSync(fd);
  },
  'the root itself': (at) => {
    chmodSync(at(''), 0o711);
  },
  'names that are not UTF-8': (at) => {
    writeFileSync(Buffer.concat([Buffer.from(`${at('')}/`), Buffer.of(0xff)]), '');
  },
};

describe.skipIf(!isRoot)('a layer that a step makes in a copy', () => {
  let overlay: TestStore;
  let copy: TestStore;
  let base: string;
  beforeAll(async () => {
    overlay = new TestStore('kiln-overlay-', 'overlay');
    copy = new TestStore('kiln-copied-', 'copy');
    base = await makeBase(overlay);
    expect(await makeBase(copy)).toBe(base);
  });
  afterAll(async () => {
    for (const store of [overlay, copy]) await store[Symbol.asyncDispose]();
  });

  it.each(Object.entries(changes))('is that of overlayfs: %s', async (name, change) => {
    const [mounted, copied] = await Promise.all(
      [overlay, copy].map(({ snapshots }) => makeLayer(snapshots, base, change)),
    );
    expect(copied).toEqual(mounted);
    if (name !== 'nothing at all' && name !== 'the root itself') expect(copied?.entries).not.toEqual([]);
  });

  it('is that of overlayfs, whatever some steps do one after the other', async () => {
    const before = fc.array(fc.array(anyChange, { maxLength: 8 }), { maxLength: 2 });
    const last = fc.array(anyLastChange, { maxLength: 12 });
    const steps = fc.tuple(before, last).map(([first, end]) => [...first, end]);
    await fc.assert(
      fc.asyncProperty(steps, async (changesOfSteps) => {
        const made = [overlay, copy].map(async ({ snapshots }) => {
          const layers = [{ chain: base, entries: [] as readonly string[] }];
          for (const list of changesOfSteps) {
            layers.push(
              await makeLayer(snapshots, layers.at(-1)?.chain ?? '', (at) => {
                for (const { change } of list) tryTo(change, at);
              }),
            );
          }
          return { layers, tree: describeTree(await snapshots.readable(layers.at(-1)?.chain ?? '')) };
        });
        const [mounted, copied] = await Promise.all(made);
        expect(copied).toEqual(mounted);
      }),
      { numRuns: 40 },
    );
  });

  it('has all names of a file that has got one more, or was changed: it is one file', async () => {
    const { snapshots } = copy;
    const more = await makeLayer(snapshots, base, (at) => {
      linkSync(at('one'), at('e/three'));
    });
    expect(more.entries.map((entry) => entry.split(' ').slice(0, 2).join(' '))).toEqual([
      'directory d',
      'file d/two',
      'directory e',
      'hard-link e/three',
      'hard-link one',
    ]);
    const root = await snapshots.readable(more.chain);
    expect(new Set(['one', 'd/two', 'e/three'].map((path) => lstatSync(join(root, path)).ino)).size).toBe(1);
  });

  it('has no marks that a step has made itself', async () => {
    const { entries } = await makeLayer(copy.snapshots, base, (at) => {
      makeNode(at('d/inner/mark'), 0o020000, 0, 0);
      mkdirSync(at('n'));
      makeNode(at('n/mark'), 0o020000, 0, 0);
      setXattr(at('e'), 'user.overlay.opaque', Buffer.from('y'));
      setXattr(at('nothing'), 'user.overlay.whiteout', Buffer.from('y'));
    });
    expect(entries.map((entry) => entry.split(' ').slice(0, 2).join(' '))).toEqual([
      'directory d',
      'directory d/inner',
      'directory e',
      'directory n',
      'file nothing',
    ]);
  });

  it('leaves nothing', async () => {
    await copy.snapshots.close();
    expect((await copy.leftovers()).filter((path) => path.includes('/root'))).toEqual([]);
  });
});

/** What cannot be done is not done by both. */
function tryTo(change: Change, at: At): void {
  try {
    change(at);
  } catch {
    // There is no such file, or it is in use.
  }
}
