import {
  appendFileSync,
  chmodSync,
  chownSync,
  closeSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { MemorySink, once } from '../../layer/testing.ts';
import { writeLayer } from '../../layer/write-layer.ts';
import { TarReader } from '../../spec/tar/tar-reader.ts';
import { makeNode } from '../../system/node.ts';
import { setTimes } from '../../system/times.ts';
import { setXattr } from '../../system/xattr.ts';
import type { Draft } from '../draft.ts';
import type { SnapshotStore } from '../snapshot-store.ts';
import { diffIdOf, type TestStore } from '../testing.ts';

/*
 * For tests: a file system with something of everything, and what may be done to it.
 */

/** What a step does, as a function of the path of something in its root. */
export type Change = (at: At) => void;

/** The path of something in the root. */
export type At = (path: string) => string;

/** Two layers with something of everything: the upper hides a part of the lower. */
export async function makeBase({ snapshots }: TestStore): Promise<string> {
  const lower = await snapshots.prepare('');
  fill(lower.upper, (at) => {
    for (const path of ['d', 'd/inner', 'd/inner/deep', 'e', 'hidden', 'empty']) mkdirSync(at(path));
    for (const path of ['a', 'd/x', 'd/y', 'd/inner/z', 'd/inner/deep/w', 'e/f', 'hidden/old']) {
      writeFileSync(at(path), `content of ${path}`);
    }
    writeFileSync(at('nothing'), '');
    writeFileSync(at('capable'), 'x', { mode: 0o755 });
    setXattr(at('capable'), 'security.capability', Buffer.from('0100000200040000000000000000000000000000', 'hex'));
    setXattr(at('d/y'), 'user.note', Buffer.from('kept'));
    writeFileSync(at('setuid'), 'x');
    chownSync(at('setuid'), 3, 4);
    chmodSync(at('setuid'), 0o6751);
    writeFileSync(at('one'), 'linked');
    linkSync(at('one'), at('d/two'));
    symlinkSync('d/x', at('link'));
    symlinkSync('d', at('folder-link'));
    makeNode(at('fifo'), 0o010640, 0, 0);
    makeNode(at('device'), 0o020660, 1, 3);
    closeSync(openSync(at('sparse'), 'w'));
    truncateSync(at('sparse'), 8 << 20);
    chmodSync(at('e'), 0o2775);
  });
  const base = snapshots.commit(lower, diffIdOf('lower'));
  const upper = await snapshots.prepare(base);
  fill(upper.upper, (at) => {
    makeNode(at('gone'), 0o020000, 0, 0);
    mkdirSync(at('hidden'));
    setXattr(at('hidden'), 'trusted.overlay.opaque', Buffer.from('y'));
    writeFileSync(at('hidden/new'), 'new');
    mkdirSync(at('d'), 0o700);
    writeFileSync(at('d/x'), 'changed x');
    makeNode(at('d/y'), 0o020000, 0, 0);
    writeFileSync(at('d/added'), 'added');
  });
  return snapshots.commit(upper, diffIdOf('upper'));
}

/** Times of long ago, with some nanoseconds. */
function fill(root: string, make: Change): void {
  const at = (path: string): string => join(root, path);
  make(at);
  let time = 1_500_000_000_123_456_789n;
  const age = (folder: string): void => {
    for (const name of readFolder(folder)) {
      const path = join(folder, name);
      if (lstatSync(path).isDirectory()) age(path);
      setTimes(path, (time += 1_000_000_001n));
    }
  };
  age(root);
}

function readFolder(path: string): readonly string[] {
  return readdirSync(path).sort();
}

/** A layer that a change has made: its entries, where times of now are `new`. */
export interface MadeLayer {
  readonly chain: string;
  readonly entries: readonly string[];
}

/** Makes a layer on top of a chain. */
export async function makeLayer(snapshots: SnapshotStore, parent: string, change: Change): Promise<MadeLayer> {
  const draft = await snapshots.prepare(parent);
  await snapshots.withMounted(draft, (root) => {
    change((path) => join(root, path));
    return Promise.resolve();
  });
  await snapshots.collect(draft);
  const entries = await entriesOf(draft);
  return { chain: snapshots.commit(draft, diffIdOf(JSON.stringify(entries))), entries };
}

async function entriesOf({ upper, lowers, since }: Draft): Promise<readonly string[]> {
  const sink = new MemorySink();
  await writeLayer({ directories: [upper], parent: lowers, clampMtime: { since, to: 0 } }, sink);
  const reader = new TarReader(once(sink.bytes));
  const entries: string[] = [];
  for (let entry = await reader.next(); entry; entry = await reader.next()) {
    const { kind, path, mode, uid, gid, mtimeNs, xattrs, ...rest } = entry;
    const chunks: Buffer[] = [];
    for await (const chunk of reader.content()) chunks.push(Buffer.from(chunk));
    const content = Buffer.concat(chunks)
      .toString('latin1')
      .replace(/\0{64,}/g, 'zeros');
    const time = mtimeNs === 0n ? 'new' : String(mtimeNs);
    const more = [...xattrs].map(([name, value]) => `${name}=${Buffer.from(value).toString('hex')}`);
    entries.push([kind, path, mode.toString(8), uid, gid, time, ...more, JSON.stringify(rest), content].join(' '));
  }
  return entries;
}

const folders = ['', 'd', 'd/inner', 'd/inner/deep', 'e', 'hidden', 'empty', 'n', 'd/n'];
const names = ['a', 'x', 'y', 'z', 'f', 'n', 'inner', 'new', 'link', 'setuid', 'nothing'];
const anyPath = fc.tuple(fc.constantFrom(...folders), fc.constantFrom(...names)).map((parts) => join(...parts));
const anyMode = fc.constantFrom(0o600, 0o644, 0o755, 0o4755, 0o1777);

/** A change, with a name for counterexamples. */
export interface NamedChange {
  readonly name: string;
  readonly change: Change;
}

/**
 * Something that is done to one or two paths, which may fail. Directories of layers are not renamed, which overlayfs does not
 * do.
 */
export const anyChange: fc.Arbitrary<NamedChange> = fc.oneof(
  fc.record({ path: anyPath, text: fc.constantFrom('', 'some', 'other') }).map(({ path, text }) => ({
    name: `write ${path} ${text}`,
    change: (at: At) => {
      writeFileSync(at(path), text);
    },
  })),
  anyPath.map((path) => ({
    name: `append ${path}`,
    change: (at: At) => {
      appendFileSync(at(path), '+');
    },
  })),
  anyPath.map((path) => ({
    name: `mkdir ${path}`,
    change: (at: At) => {
      mkdirSync(at(path));
    },
  })),
  anyPath.map((path) => ({
    name: `rm ${path}`,
    change: (at: At) => {
      rmSync(at(path), { recursive: true });
    },
  })),
  fc.record({ from: anyPath, to: anyPath }).map(({ from, to }) => ({
    name: `mv ${from} ${to}`,
    change: (at: At) => {
      if (!lstatSync(at(from)).isDirectory()) renameSync(at(from), at(to));
    },
  })),
  fc.record({ path: anyPath, target: anyPath }).map(({ path, target }) => ({
    name: `ln -s ${target} ${path}`,
    change: (at: At) => {
      symlinkSync(target, at(path));
    },
  })),
  fc.record({ path: anyPath, mode: anyMode }).map(({ path, mode }) => ({
    name: `chmod ${path} ${mode.toString(8)}`,
    change: (at: At) => {
      if (!lstatSync(at(path)).isSymbolicLink()) chmodSync(at(path), mode);
    },
  })),
  fc.record({ path: anyPath, time: fc.integer({ min: 1, max: 9 }) }).map(({ path, time }) => ({
    name: `touch ${path} ${time}`,
    change: (at: At) => {
      setTimes(at(path), BigInt(time) * 1_000_000_001n);
    },
  })),
);

/**
 * {@link anyChange}, and new names of files. Only of the last step: what has several names in a layer is another file for
 * overlayfs as soon as it is changed by one of them, and is not in a copy.
 */
export const anyLastChange: fc.Arbitrary<NamedChange> = fc.oneof(
  { weight: 8, arbitrary: anyChange },
  {
    weight: 1,
    arbitrary: fc.record({ from: anyPath, to: anyPath }).map(({ from, to }) => ({
      name: `ln ${from} ${to}`,
      change: (at: At) => {
        linkSync(at(from), at(to));
      },
    })),
  },
);
