import { copyFileSync, readlinkSync } from 'node:fs';
import { constants } from 'node:fs';
import { assert, unreachable } from '../diagnostic/assert.ts';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { fromBytes } from '../spec/byte-string.ts';
import { quote } from '../spec/quote.ts';
import { noXattrs } from '../spec/tar/entry.ts';
import type { DeviceEntry, HardLinkEntry, TarEntry } from '../spec/tar/entry.ts';
import { isSystemError } from '../system/system-error.ts';
import type { Attributes } from './file-attributes.ts';
import { archivePath, unsafePath } from './archive-path.ts';
import { fsPath, statPath } from './host-path.ts';
import { imageXattrs } from './image-xattrs.ts';
import { metadataPrefix, opaqueName, whiteoutPrefix } from '../spec/tar/whiteouts.ts';
import { findInStack } from './overlay.ts';
import type { Found } from './overlay.ts';
import { isWhiteout, makeOpaque } from './overlay-marks.ts';
import { PathTree } from './path-tree.ts';
import { UnpackedTree } from './unpacked-tree.ts';

export interface UnpackOptions {
  readonly userxattr: boolean;
  /** Overlay directories below, bottom first. */
  readonly parent: readonly string[];
  /** Called before a directory is made that no entry stands for. */
  readonly onDirectory?: (() => void) | undefined;
}

/** Of a directory that no layer says anything about. */
const unknownDirectory: Attributes = { mode: 0o755, uid: 0, gid: 0, mtimeNs: 0n, xattrs: noXattrs };

/** Turns the entries of a layer into an overlay directory, one after the other. Of entries with equal paths, the last counts. */
export class LayerUnpacker {
  readonly #tree: UnpackedTree;
  readonly #options: UnpackOptions;
  /** Directories that were seen to be real, so that they need not be looked at for each file in them. */
  readonly #real = new PathTree<true>();

  constructor(directory: string, options: UnpackOptions) {
    this.#tree = new UnpackedTree(directory);
    this.#options = options;
    this.#real.set('', true);
  }

  async unpack(entry: TarEntry, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = archivePath(entry.path);
    // The root itself is the snapshot's; containerd leaves it alone, too.
    if (path === '') return;
    const name = path.slice(path.lastIndexOf('/') + 1);
    const folder = path.slice(0, Math.max(path.length - name.length - 1, 0));
    if (name.startsWith(whiteoutPrefix)) {
      this.#mark(folder, name);
      return;
    }
    this.#parents(folder);
    if (entry.kind === 'directory') {
      this.#directory(path, entry);
      return;
    }
    // What is made now may take the place of a directory.
    this.#real.remove(path);
    switch (entry.kind) {
      case 'file':
        await this.#tree.file(path, entry, content);
        return;
      case 'symlink':
        this.#tree.symlink(path, entry);
        return;
      case 'hard-link':
        this.#hardLink(path, entry);
        return;
      case 'character-device':
      case 'block-device':
        this.#device(path, entry);
        return;
      case 'fifo':
        this.#tree.node(path, entry);
        return;
      default:
        unreachable(entry);
    }
  }

  finish(): void {
    this.#tree.finish();
  }

  /** `.wh.NAME`, or that of the directory itself. A whiteout only concerns what is below, wherever in the layer it is. */
  #mark(folder: string, name: string): void {
    if (name === opaqueName) {
      if (folder === '' || !this.#findBelow(folder)) return;
      this.#parents(folder);
      this.#makeOpaque(folder);
      return;
    }
    if (name.startsWith(metadataPrefix)) return;
    const hidden = name.slice(whiteoutPrefix.length);
    if (hidden === '' || hidden === '.' || hidden === '..') {
      throw unsafePath(`${folder}/${name}`, 'a whiteout must name something in its directory');
    }
    const path = folder === '' ? hidden : `${folder}/${hidden}`;
    if (!this.#findBelow(path)) return;
    this.#parents(folder);
    const there = statPath(this.#tree.host(path));
    if (!there) this.#tree.whiteout(path);
    else if (there.isDirectory()) this.#makeOpaque(path);
  }

  #directory(path: string, attributes: Attributes): void {
    const isHidden = this.#isWhiteoutAt(path);
    if (isHidden) this.#tree.remove(path);
    this.#tree.directory(path, attributes);
    if (isHidden) this.#makeOpaque(path);
    this.#real.set(path, true);
  }

  /** Sees to it that a directory is there, and is one. */
  #parents(folder: string): void {
    if (this.#real.get(folder)) return;
    const slash = folder.lastIndexOf('/');
    this.#parents(folder.slice(0, Math.max(slash, 0)));
    const there = statPath(this.#tree.host(folder));
    if (there?.isDirectory() === true) this.#real.set(folder, true);
    else {
      this.#options.onDirectory?.();
      this.#directory(folder, there ? unknownDirectory : this.#attributesBelow(folder));
    }
  }

  /** Overlayfs shows the attributes of the topmost directory, so those of a directory that only holds others are copied. */
  #attributesBelow(folder: string): Attributes {
    const found = this.#findBelow(folder);
    return found?.stat.isDirectory() === true ? attributesOf(found) : unknownDirectory;
  }

  #hardLink(path: string, entry: HardLinkEntry): void {
    const target = archivePath(entry.target);
    if (target === path) return;
    this.#bringUp(target, path);
    this.#tree.hardLink(path, target);
  }

  /** A link to a file of a layer below is a link to a copy of it. */
  #bringUp(target: string, path: string): void {
    const slash = target.lastIndexOf('/');
    const folder = target.slice(0, Math.max(slash, 0));
    const isHere = this.#isRealDirectory(folder) ? statPath(this.#tree.host(target)) : undefined;
    if (isHere && !isHere.isDirectory() && !isWhiteout(this.#tree.host(target), isHere)) return;
    const found = isHere ? undefined : this.#findBelow(target);
    if (!found || found.stat.isDirectory()) {
      throw new KilnError('layer/broken-link', `the layer links ${quote(path)} to ${quote(target)}, which is no file`);
    }
    this.#parents(folder);
    copyUp(this.#tree, target, found);
  }

  #isRealDirectory(folder: string): boolean {
    if (this.#real.get(folder)) return true;
    const slash = folder.lastIndexOf('/');
    if (!this.#isRealDirectory(folder.slice(0, Math.max(slash, 0)))) return false;
    const isReal = statPath(this.#tree.host(folder))?.isDirectory() === true;
    if (isReal) this.#real.set(folder, true);
    return isReal;
  }

  #device(path: string, entry: DeviceEntry): void {
    // Overlayfs takes it for a whiteout, as do the images that have it.
    if (entry.kind === 'character-device' && entry.major === 0 && entry.minor === 0) {
      if (this.#findBelow(path)) this.#tree.whiteout(path);
      return;
    }
    try {
      this.#tree.node(path, entry);
    } catch (error) {
      // No user but root may make devices; containerd leaves them out then.
      if (!this.#options.userxattr || !isSystemError(error, 'EPERM')) throw error;
    }
  }

  #makeOpaque(path: string): void {
    const host = this.#tree.host(path);
    assert(statPath(host)?.isDirectory() === true, `${path} is no directory`);
    makeOpaque(host, this.#options.userxattr);
  }

  #isWhiteoutAt(path: string): boolean {
    // Without anything below there are no whiteouts.
    if (this.#options.parent.length === 0) return false;
    const stat = statPath(this.#tree.host(path));
    return stat !== undefined && isWhiteout(this.#tree.host(path), stat);
  }

  #findBelow(path: string): Found | undefined {
    return this.#options.parent.length === 0 ? undefined : findInStack(this.#options.parent, path);
  }
}

function attributesOf({ path, stat }: Found): Attributes {
  return {
    mode: Number(stat.mode) & 0o7777,
    uid: Number(stat.uid),
    gid: Number(stat.gid),
    mtimeNs: stat.mtimeNs,
    xattrs: imageXattrs(path, stat),
  };
}

/** Copies a file that is no directory from a layer below, as it is. */
function copyUp(tree: UnpackedTree, path: string, found: Found): void {
  const attributes = { path, ...attributesOf(found) };
  if (found.stat.isSymbolicLink()) {
    const target = fromBytes(readlinkSync(fsPath(found.path), 'buffer'));
    tree.symlink(path, { kind: 'symlink', ...attributes, target });
    return;
  }
  if (!found.stat.isFile())
    throw new KilnError('layer/broken-link', `the layer links to ${quote(path)}, which is no file`);
  copyFileSync(fsPath(found.path), fsPath(tree.host(path)), constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
  tree.setAttributes(path, attributes);
}
