import { appendFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { Readable } from 'node:stream';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CannotPlan } from '../files/cannot-plan.ts';
import { DiskFiles } from '../files/disk-files.ts';
import { PlannedFiles } from '../files/planned-files.ts';
import { runFileActions } from '../files/run-file-actions.ts';
import { copyAction } from '../files/testing.ts';
import type { TargetFiles } from '../files/target-files.ts';
import type { FileAction } from '../graph/file-op.ts';
import type { BlockSink } from '../layer/block-sink.ts';
import { makeTree, TestFolder, type Tree } from '../layer/testing.ts';
import { writeEntries } from '../layer/write-entries.ts';
import { writeLayer } from '../layer/write-layer.ts';
import type { TarEntry } from '../spec/tar/entry.ts';
import { TarReader } from '../spec/tar/tar-reader.ts';
import { mountFlags, unmount } from '../system/mount.ts';
import { makeNode } from '../system/node.ts';
import { mountOverlay } from '../system/overlay.ts';
import { setTimes } from '../system/times.ts';
import { FilesInStack } from './files-in-stack.ts';

const names = ['a', 'b', 'c'] as const;
const paths = names.flatMap((name) => [name, ...names.map((inner) => `${name}/${inner}`)]);
const kinds = ['/', 'content', 'more content', 'p', 'c 1 3', '-> /a', '-> ../b', '-> c/b'] as const;

/** Some names, of which those above are directories. */
const anyTree: fc.Arbitrary<Tree> = fc
  .dictionary(fc.constantFrom(...paths), fc.constantFrom(...kinds))
  .map((wanted) => {
    const tree: Record<string, string> = {};
    for (const path of paths) {
      const what = wanted[path];
      const parent = path.includes('/') ? path.slice(0, 1) : undefined;
      if (what !== undefined && (parent === undefined || tree[parent] === '/')) tree[path] = what;
    }
    return tree;
  });

const anyPath = fc.constantFrom(...paths.map((path) => `/${path}`), '/a/b/c', '/c/d/', '/', '/a/', '/b/../c');
const anyAction: fc.Arbitrary<FileAction> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc
      .record({
        source: fc.oneof(anyPath, fc.constantFrom('/*', '/a*', '/?/b')),
        destination: anyPath,
        mode: fc.constantFrom('', '0711', 'u+s,o-r'),
        owner: fc.constantFrom(undefined, { text: '3:4', input: 0 }),
        parents: fc.boolean(),
        excludes: fc.constantFrom([], ['**/b']),
        replace: fc.boolean(),
        timestamp: fc.constantFrom(undefined, 12),
      })
      .map(({ source, destination, ...rest }) => copyAction(source, destination, rest)),
  },
  {
    weight: 1,
    arbitrary: anyPath.map((path) => ({
      ...{ kind: 'makeDirectory' as const, path, mode: 0o755, owner: undefined, timestamp: undefined },
    })),
  },
  {
    weight: 1,
    arbitrary: anyPath.map((destination) => ({
      ...{ kind: 'makeFile' as const, destination, name: 'EOF', content: 'here', mode: '' },
      ...{ owner: undefined, timestamp: undefined },
    })),
  },
);

/** What is in a tar, entry by entry; times of now are the same time. */
async function readTar(write: (sink: BlockSink) => Promise<number>): Promise<readonly unknown[]> {
  const blocks: Buffer[] = [];
  await write({
    take: () => Buffer.alloc(1 << 16),
    put: (block, length) => {
      blocks.push(Buffer.from(block.subarray(0, length)));
    },
  });
  const tar = new TarReader(Readable.from(blocks));
  const entries: unknown[] = [];
  for (let entry = await tar.next(); entry; entry = await tar.next()) {
    const content: Uint8Array[] = [];
    if (entry.kind === 'file') for await (const chunk of tar.content()) content.push(Buffer.from(chunk));
    entries.push(comparable(entry, Buffer.concat(content).toString()));
  }
  return entries;
}

function comparable({ mtimeNs, xattrs, ...entry }: TarEntry, content: string): unknown {
  const isNow = mtimeNs > 1_750_000_000_000_000_000n;
  return { ...entry, xattrs: [...xattrs.keys()], content, time: isNow ? 'now' : mtimeNs.toString() };
}

interface Outcome {
  readonly entries?: readonly unknown[];
  readonly error?: string;
}

/** Undefined if it has to be made on a disk. */
async function outcome(run: () => Promise<readonly unknown[]>): Promise<Outcome | undefined> {
  try {
    return { entries: await run() };
  } catch (error) {
    if (error instanceof CannotPlan) return undefined;
    return { error: error instanceof Error ? error.message : String(error) };
  }
}

interface Work {
  readonly layers: readonly Tree[];
  readonly context: Tree;
  readonly actions: readonly FileAction[];
}

describe.skipIf(process.getuid?.() !== 0)('planned files', () => {
  it('are those that an overlay would hold', { timeout: 60_000 }, async () => {
    const work = fc.record({
      layers: fc.array(anyTree, { minLength: 1, maxLength: 2 }),
      context: anyTree,
      actions: fc.array(anyAction, { minLength: 1, maxLength: 3 }),
    });
    await fc.assert(fc.asyncProperty(work, compare), { numRuns: 300 });
  });
});

describe('planned files that are changed before they are written', () => {
  it.each<[string, (path: string) => void, string]>([
    [
      'removed',
      (path) => {
        rmSync(path);
      },
      '"/a" was removed',
    ],
    [
      'a directory now',
      (path) => {
        rmSync(path);
        mkdirSync(path);
      },
      '"/a" changed',
    ],
    [
      'a link now',
      (path) => {
        rmSync(path);
        symlinkSync('/dev/zero', path);
      },
      '"/a" changed',
    ],
    [
      'a pipe now',
      (path) => {
        rmSync(path);
        makeNode(path, 0o010644, 0, 0);
      },
      '"/a" changed',
    ],
    [
      'shorter',
      (path) => {
        writeFileSync(path, 'x');
      },
      '"/a" changed',
    ],
    [
      'longer',
      (path) => {
        appendFileSync(path, 'x');
      },
      '"/a" changed',
    ],
  ])('are not taken if one is %s', async (_, change, message) => {
    using folder = new TestFolder();
    const source = folder.join('context');
    makeTree(source, { a: 'content' });
    const files = new PlannedFiles({ find: () => undefined });
    const inputs = [undefined, { root: source, kind: 'context' as const }];
    await runFileActions({ actions: [copyAction('/a', '/b')], files, inputs });
    change(join(source, 'a'));
    await expect(readTar((sink) => writeEntries(files.entries(), sink))).rejects.toThrow(message);
  });
});

async function compare({ layers, context, actions }: Work): Promise<void> {
  using folder = new TestFolder();
  const lowers = layers.map((layer, index) => {
    const path = folder.join(String(index));
    makeTree(path, layer);
    setTimes(path, 1_700_000_000_000_000_000n);
    return path;
  });
  const source = folder.join('context');
  makeTree(source, context);
  const inputs = [undefined, { root: source, kind: 'context' as const }];
  const run = (files: TargetFiles) => runFileActions({ actions, files, inputs });

  const [upper, workPlace, target] = ['upper', 'work', 'target'].map((name) => folder.join(name)) as [
    string,
    string,
    string,
  ];
  for (const path of [upper, workPlace, target]) mkdirSync(path, { mode: 0o755 });
  mountOverlay({ lowers, upper, work: workPlace, target, userXattr: false });
  let made: Outcome | undefined;
  try {
    made = await outcome(async () => {
      await run(new DiskFiles(target));
      return readTar((sink) => writeLayer({ directories: [upper], parent: lowers }, sink));
    });
  } finally {
    unmount(target, mountFlags.MNT_DETACH);
  }
  const planned = await outcome(async () => {
    const files = new PlannedFiles(new FilesInStack(lowers));
    await run(files);
    return readTar((sink) => writeEntries(files.entries(), sink));
  });
  if (planned) expect(planned).toEqual(made);
}
