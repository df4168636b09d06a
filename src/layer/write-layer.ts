import { openSync, readlinkSync } from 'node:fs';
import { assert } from '../diagnostic/assert.ts';
import { fromBytes } from '../spec/byte-string.ts';
import type { TarEntry } from '../spec/tar/entry.ts';
import type { OpenableContent } from '../spec/tar/layer-entry.ts';
import { hasHoles } from '../system/data-extents.ts';
import type { FileStat } from '../system/file-stat.ts';
import type { BlockSink } from './block-sink.ts';
import { deviceNumbers, fsPath } from './host-path.ts';
import { layerXattrs } from './image-xattrs.ts';
import { readMergedDirectoryAside } from './merged-directory.ts';
import type { MergedEntry } from './merged-directory.ts';
import { opaqueName, whiteoutEntry, whiteoutPrefix } from '../spec/tar/whiteouts.ts';
import { findInStack } from './overlay.ts';
import { TarWriter } from './tar-writer.ts';
import { writeContent } from './write-content.ts';

/** What a layer is made of. */
export interface LayerSource {
  /** Overlay directories, bottom first, which become one layer. */
  readonly directories: readonly string[];
  /**
   * The overlay directories below, bottom first; empty for the first layer of an image. Whiteouts and opaque directories are
   * only written where there is something below to hide.
   */
  readonly parent: readonly string[];
  /** Times of last modification at or after `since` (nanoseconds) become `to` (seconds since 1970). */
  readonly clampMtime?: { readonly since: bigint; readonly to: number } | undefined;
  /** Times of last modification later than this become it. Seconds since 1970. */
  readonly rewriteMtime?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the tar of a layer: paths sorted by bytes, a directory before what is in it, whiteouts before other files. What has
 * several names is a file by the first, a link by the others. Sockets are left out, as is the root directory itself.
 *
 * Throws KilnError `layer/file-changed`.
 *
 * @returns bytes written
 */
export async function writeLayer(source: LayerSource, sink: BlockSink): Promise<number> {
  const tar = new TarWriter(sink, source.signal);
  await writeTree(source, tar, '');
  await tar.finish();
  return tar.size;
}

/** As {@link writeLayer}, for a part of a tar: all paths get a prefix, empty or ending with a slash. */
export async function writeTree(source: LayerSource, tar: TarWriter, prefix: string): Promise<void> {
  const walk: Walk = { source, tar, prefix, links: new Map() };
  await writeDirectory(walk, await listDirectory(source.directories.toReversed()), '');
}

interface Walk {
  readonly source: LayerSource;
  readonly tar: TarWriter;
  readonly prefix: string;
  /** By device and inode, the first path. */
  readonly links: Map<string, string>;
}

/** What is in a directory of the stack. */
interface Listing {
  readonly whiteouts: readonly string[];
  readonly present: readonly PresentEntry[];
}

type PresentEntry = NodeEntry | DirectoryEntry;
type NodeEntry = Extract<MergedEntry, { kind: 'node' }>;
type DirectoryEntry = Extract<MergedEntry, { kind: 'directory' }>;

async function listDirectory(parts: readonly string[]): Promise<Listing> {
  const entries = await readMergedDirectoryAside({ parts });
  return {
    whiteouts: entries.flatMap(({ kind, name }) => (kind === 'whiteout' ? [name] : [])),
    present: entries.filter((entry) => entry.kind !== 'whiteout'),
  };
}

/** @param folder path with a slash at its end, or empty */
async function writeDirectory(walk: Walk, { whiteouts, present }: Listing, folder: string): Promise<void> {
  walk.source.signal?.throwIfAborted();
  for (const name of whiteouts) {
    if (hidesSomething(walk, folder + name)) await writeMark(walk, folder + whiteoutPrefix + name);
  }
  const listings = new ListingsAhead(present);
  for (const entry of present) {
    const path = folder + entry.name;
    const written =
      entry.kind === 'directory' ? writeSubdirectory(walk, entry, { path, listings }) : writeEntry(walk, entry, path);
    if (written) await written;
  }
}

/** What is in the directories of a directory: of one, it is found out while the one before is written. */
class ListingsAhead {
  readonly #directories: DirectoryEntry[];
  #coming: Promise<Listing> | undefined;

  constructor(entries: readonly PresentEntry[]) {
    this.#directories = entries.filter((entry) => entry.kind === 'directory').reverse();
    this.#begin();
  }

  /** Of the directory that is next. */
  async next(): Promise<Listing> {
    const listing = await this.#coming;
    assert(listing !== undefined, 'there is a listing for each directory');
    this.#begin();
    return listing;
  }

  #begin(): void {
    const next = this.#directories.pop();
    this.#coming = next && listDirectory(next.parts);
    // Who asks for it takes the error.
    this.#coming?.catch(() => undefined);
  }
}

/** Undefined if it is done: a promise for each of many short files takes longer than they do. */
function writeEntry(walk: Walk, entry: NodeEntry, path: string): Promise<void> | undefined {
  const { stat } = entry;
  if (stat.isSocket()) return undefined;
  const known = stat.nlink > 1n ? linkTo(walk, stat, path) : undefined;
  if (known !== undefined) {
    return walk.tar.header({ kind: 'hard-link', ...attributes(walk, entry, path), target: known });
  }
  return stat.isFile() ? writeFile(walk, entry, path) : walk.tar.header(specialEntry(walk, entry, path));
}

async function writeSubdirectory(
  walk: Walk,
  entry: DirectoryEntry,
  { path, listings }: { readonly path: string; readonly listings: ListingsAhead },
): Promise<void> {
  await walk.tar.header({ kind: 'directory', ...attributes(walk, entry, path) });
  if (entry.isOpaque && findBelow(walk, path)?.stat.isDirectory()) await writeMark(walk, `${path}/${opaqueName}`);
  await writeDirectory(walk, await listings.next(), `${path}/`);
}

function writeFile(walk: Walk, entry: PresentEntry, path: string): Promise<void> | undefined {
  const { tar } = walk;
  const size = Number(entry.stat.size);
  const header = tar.header({ kind: 'file', ...attributes(walk, entry, path), size });
  if (size === 0) return header;
  const content = new LayerFile(entry.path, entry.stat);
  return header
    ? header.then(() => writeContent(tar, content, { path, size }))
    : writeContent(tar, content, { path, size });
}

/** The content of a file of a layer, which nobody changes. */
class LayerFile implements OpenableContent {
  readonly kind = 'file';
  readonly path: string | Buffer;
  readonly isSparse: boolean;

  constructor(host: string, stat: FileStat) {
    this.path = fsPath(host);
    this.isSparse = hasHoles(stat);
  }

  open(): number {
    return openSync(this.path, 'r');
  }

  verify(): void {
    // There is nothing to compare it with.
  }
}

function specialEntry(walk: Walk, entry: PresentEntry, path: string): TarEntry {
  const { stat } = entry;
  const base = attributes(walk, entry, path);
  if (stat.isSymbolicLink()) {
    return { kind: 'symlink', ...base, target: fromBytes(readlinkSync(fsPath(entry.path), 'buffer')) };
  }
  if (stat.isFIFO()) return { kind: 'fifo', ...base };
  assert(stat.isCharacterDevice() || stat.isBlockDevice(), `${path} is of no known type`);
  const { major, minor } = deviceNumbers(stat);
  return { kind: stat.isCharacterDevice() ? 'character-device' : 'block-device', ...base, major, minor };
}

/** The path that the same file was written by; undefined if this is the first. */
function linkTo({ links, prefix }: Walk, { dev, ino }: FileStat, path: string): string | undefined {
  const key = `${dev}:${ino}`;
  const known = links.get(key);
  if (known === undefined) links.set(key, prefix + path);
  return known;
}

function attributes({ source, prefix }: Walk, { path: host, stat, xattrNames }: PresentEntry, path: string) {
  return {
    path: prefix + path,
    mode: Number(stat.mode) & 0o7777,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    mtimeNs: layerTime(source, stat.mtimeNs),
    xattrs: layerXattrs(host, stat, xattrNames),
  };
}

function layerTime({ clampMtime, rewriteMtime }: LayerSource, mtimeNs: bigint): bigint {
  const clamped = clampMtime && mtimeNs >= clampMtime.since ? BigInt(clampMtime.to) * 1_000_000_000n : mtimeNs;
  if (rewriteMtime === undefined) return clamped;
  const latest = BigInt(rewriteMtime) * 1_000_000_000n;
  return clamped > latest ? latest : clamped;
}

async function writeMark({ tar, prefix }: Walk, path: string): Promise<void> {
  await tar.header(whiteoutEntry(prefix + path));
}

function hidesSomething(walk: Walk, path: string): boolean {
  return findBelow(walk, path) !== undefined;
}

function findBelow({ source }: Walk, path: string) {
  return source.parent.length === 0 ? undefined : findInStack(source.parent, path);
}
