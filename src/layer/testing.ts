import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { parseDiffId } from '../spec/digest.ts';
import type { DiffId } from '../spec/digest.ts';
import { encodeTarHeader } from '../spec/tar/encode-header.ts';
import { noXattrs, tarPadding } from '../spec/tar/entry.ts';
import type { TarEntry } from '../spec/tar/entry.ts';
import { makeNode } from '../system/node.ts';
import { setTimes } from '../system/times.ts';
import { setXattr } from '../system/xattr.ts';
import type { BlockSink } from './block-sink.ts';
import { blockSize } from './spare-blocks.ts';
import { deviceNumbers, listNames, statPath } from './host-path.ts';
import { imageXattrs } from './image-xattrs.ts';
import { isOpaque } from './overlay-marks.ts';

/** A directory that goes with the test. */
export class TestFolder implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'kiln-test-'));

  join(...names: readonly string[]): string {
    return join(this.path, ...names);
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** What an overlay directory holds, by path: a text says what is there. */
export type Tree = Readonly<Record<string, string>>;

/**
 * Makes an overlay directory: `/` a directory, `/!` an opaque one, `-> TARGET` a symlink, `!` a whiteout, `= PATH` a hard link,
 * `c MAJOR MINOR`, `p`; anything else is the content of a file. Paths must come parents first.
 */
export function makeTree(root: string, tree: Tree): void {
  mkdirSync(root, { recursive: true });
  for (const [path, what] of Object.entries(tree)) makeEntry(root, join(root, path), what);
  for (const path of Object.keys(tree).reverse()) setTimes(join(root, path), 1_700_000_000_000_000_000n);
}

function makeEntry(root: string, path: string, what: string): void {
  const [word, first = '', second = ''] = what.split(' ');
  if (what === '/' || what === '/!') {
    mkdirSync(path, { mode: 0o755 });
    if (what === '/!') setXattr(path, 'trusted.overlay.opaque', Buffer.from('y'));
  } else if (what === '!') makeNode(path, 0o020000, 0, 0);
  else if (what === 'p') makeNode(path, 0o010644, 0, 0);
  else if (word === 'c') makeNode(path, 0o020644, Number(first), Number(second));
  else if (word === '->') symlinkSync(first, path);
  else if (word === '=') linkSync(join(root, first), path);
  else writeFileSync(path, what, { mode: 0o644 });
}

/** The inverse of {@link makeTree}; of several links, those after the first in order are `= PATH`. */
export function describeTree(root: string): Tree {
  const tree: Record<string, string> = {};
  const links = new Map<string, string>();
  const visit = (folder: string): void => {
    for (const name of listNames(join(root, folder))) {
      const path = join(folder, name);
      // Overlayfs lists whiteouts of directories that are in one layer only; there is nothing behind the name.
      const what = describe(join(root, path), path, links);
      if (what === undefined) continue;
      tree[path] = what;
      if (what.startsWith('/')) visit(path);
    }
  };
  visit('');
  return tree;
}

function describe(host: string, path: string, links: Map<string, string>): string | undefined {
  const stat = statPath(host);
  if (!stat) return undefined;
  if (stat.isDirectory()) return isOpaque(host) ? '/!' : '/';
  const known = links.get(String(stat.ino));
  if (known !== undefined && stat.nlink > 1n) return `= ${known}`;
  links.set(String(stat.ino), path);
  if (stat.isSymbolicLink()) return `-> ${readlinkSync(host)}`;
  if (stat.isFIFO()) return 'p';
  if (stat.isCharacterDevice()) {
    const { major, minor } = deviceNumbers(stat);
    return major === 0 && minor === 0 ? '!' : `c ${major} ${minor}`;
  }
  return readFileSync(host, 'utf8');
}

/** Mode, owner, time and attributes of everything, for comparisons. */
export function describeAttributes(root: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.keys(describeTree(root)).map((path) => {
      const host = join(root, path);
      const stat = statPath(host);
      const xattrs = stat ? [...imageXattrs(host, stat)].map(([key, value]) => `${key}=${String(value)}`) : [];
      return [path, [stat?.mode.toString(8), stat?.uid, stat?.gid, stat?.mtimeNs, ...xattrs].join(' ')];
    }),
  );
}

/** Keeps what it gets. */
export class MemorySink implements BlockSink {
  readonly #parts: Buffer[] = [];

  take(): Buffer {
    return Buffer.alloc(blockSize);
  }

  put(block: Buffer, length: number): void {
    this.#parts.push(block.subarray(0, length));
  }

  get bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** A layer, gzipped, and what it is. Of each entry, what is not said is usual; `content` is that of a file. */
export function makeLayer(...entries: readonly object[]): {
  readonly blob: () => AsyncIterable<Uint8Array>;
  readonly diffId: DiffId;
} {
  const parts = entries.flatMap((short) => {
    const content = Buffer.from('content' in short ? String(short.content) : '');
    const entry = { mode: 0o644, uid: 0, gid: 0, mtimeNs: 0n, xattrs: noXattrs, size: content.length, ...short };
    return [encodeTarHeader(entry as unknown as TarEntry), content, new Uint8Array(tarPadding(content.length))];
  });
  const tar = Buffer.concat([...parts, new Uint8Array(1024)]);
  const diffId = parseDiffId(`sha256:${createHash('sha256').update(tar).digest('hex')}`);
  return { diffId, blob: () => once(gzipSync(tar)) };
}

/** Bytes as a stream. */
export async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array, void> {
  yield await Promise.resolve(bytes);
}
