import { closeSync, openSync, readlinkSync } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { assert } from '../diagnostic/assert.ts';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { fromBytes } from '../spec/byte-string.ts';
import type { TarEntry } from '../spec/tar/entry.ts';
import { hasHoles } from '../system/data-extents.ts';
import type { BlockSink } from './block-sink.ts';
import { deviceNumbers, fsPath } from './host-path.ts';
import { layerXattrs } from './image-xattrs.ts';
import { readMergedDirectory } from './merged-directory.ts';
import type { MergedEntry } from './merged-directory.ts';
import { opaqueName, whiteoutEntry, whiteoutPrefix } from '../spec/tar/whiteouts.ts';
import { findInStack } from './overlay.ts';
import { TarWriter } from './tar-writer.ts';

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
  await writeDirectory(walk, source.directories.toReversed(), '');
}

interface Walk {
  readonly source: LayerSource;
  readonly tar: TarWriter;
  readonly prefix: string;
  /** By device and inode, the first path. */
  readonly links: Map<string, string>;
}

/** @param folder path with a slash at its end, or empty */
async function writeDirectory(walk: Walk, parts: readonly string[], folder: string): Promise<void> {
  walk.source.signal?.throwIfAborted();
  const entries = readMergedDirectory({ parts });
  for (const entry of entries) {
    if (entry.kind === 'whiteout' && hidesSomething(walk, folder + entry.name)) {
      await writeMark(walk, folder + whiteoutPrefix + entry.name);
    }
  }
  for (const entry of entries) if (entry.kind !== 'whiteout') await writeEntry(walk, entry, folder + entry.name);
}

async function writeEntry(walk: Walk, entry: Exclude<MergedEntry, { kind: 'whiteout' }>, path: string): Promise<void> {
  const { stat } = entry;
  if (stat.isSocket()) return;
  if (entry.kind === 'directory') {
    await walk.tar.header({ kind: 'directory', ...attributes(walk, entry.path, stat, path) });
    if (entry.isOpaque && findBelow(walk, path)?.stat.isDirectory()) await writeMark(walk, `${path}/${opaqueName}`);
    await writeDirectory(walk, entry.parts, `${path}/`);
    return;
  }
  const known = stat.nlink > 1n ? linkTo(walk, stat, path) : undefined;
  if (known !== undefined) {
    await walk.tar.header({ kind: 'hard-link', ...attributes(walk, entry.path, stat, path), target: known });
  } else if (stat.isFile()) {
    await writeFile(walk, entry.path, stat, path);
  } else {
    await walk.tar.header(specialEntry(walk, entry.path, stat, path));
  }
}

async function writeFile(walk: Walk, host: string, stat: BigIntStats, path: string): Promise<void> {
  const size = Number(stat.size);
  await walk.tar.header({ kind: 'file', ...attributes(walk, host, stat, path), size });
  if (size === 0) return;
  const fd = openSync(fsPath(host), 'r');
  try {
    const isSparse = hasHoles(stat);
    if (!(await (isSparse ? walk.tar.copySparseFile(fd, size) : walk.tar.copyFile(fd, size)))) {
      throw new KilnError('layer/file-changed', `${path} became shorter while it was being read`);
    }
  } finally {
    closeSync(fd);
  }
  await walk.tar.pad(size);
}

function specialEntry(walk: Walk, host: string, stat: BigIntStats, path: string): TarEntry {
  const base = attributes(walk, host, stat, path);
  if (stat.isSymbolicLink()) {
    return { kind: 'symlink', ...base, target: fromBytes(readlinkSync(fsPath(host), 'buffer')) };
  }
  if (stat.isFIFO()) return { kind: 'fifo', ...base };
  assert(stat.isCharacterDevice() || stat.isBlockDevice(), `${path} is of no known type`);
  const { major, minor } = deviceNumbers(stat);
  return { kind: stat.isCharacterDevice() ? 'character-device' : 'block-device', ...base, major, minor };
}

/** The path that the same file was written by; undefined if this is the first. */
function linkTo({ links, prefix }: Walk, { dev, ino }: BigIntStats, path: string): string | undefined {
  const key = `${dev}:${ino}`;
  const known = links.get(key);
  if (known === undefined) links.set(key, prefix + path);
  return known;
}

function attributes({ source, prefix }: Walk, host: string, stat: BigIntStats, path: string) {
  return {
    path: prefix + path,
    mode: Number(stat.mode) & 0o7777,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    mtimeNs: layerTime(source, stat.mtimeNs),
    xattrs: layerXattrs(host, stat),
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
