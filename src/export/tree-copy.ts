import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readlinkSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { setFileAttributes, setMtime } from '../layer/file-attributes.ts';
import type { Attributes } from '../layer/file-attributes.ts';
import { deviceNumbers, fsPath, listNames, statPath } from '../layer/host-path.ts';
import { imageXattrs } from '../layer/image-xattrs.ts';
import type { FileStat } from '../system/file-stat.ts';
import { makeNode } from '../system/node.ts';
import { copyFile } from './copy-file.ts';
import type { TreeOptions } from './file-tree.ts';

/** Called for everything that is no directory, before it is copied. */
type See = (path: string) => void;

/** Copies a file system into a directory. Every file is made beside its place and renamed to it. */
export class TreeCopy {
  readonly #root: string;
  readonly #directory: string;
  readonly #options: Pick<TreeOptions, 'epoch' | 'signal'>;
  /** By device and inode, where the first of several links has been copied to. */
  readonly #links = new Map<string, string>();

  /** @param directory exists */
  constructor(root: string, directory: string, options: Pick<TreeOptions, 'epoch' | 'signal'>) {
    this.#root = root;
    this.#directory = directory;
    this.#options = options;
  }

  async copy(see: See): Promise<void> {
    await this.#copyFolder(this.#root, this.#directory, '', see);
  }

  /** Copies into a directory of the directory. */
  async copyTo(folder: string): Promise<void> {
    const target = `${this.#directory}/${folder}`;
    makeDirectory(target);
    chmodSync(target, 0o755);
    await this.#copyFolder(this.#root, target, '', () => undefined);
    if (this.#options.epoch !== undefined) setMtime(target, BigInt(this.#options.epoch) * 1_000_000_000n);
  }

  async #copyFolder(from: string, to: string, folder: string, see: See): Promise<void> {
    this.#options.signal?.throwIfAborted();
    for (const name of listNames(from)) {
      const source = `${from}/${name}`;
      const stat = statPath(source);
      if (!stat || stat.isSocket()) continue;
      const target = `${to}/${name}`;
      if (stat.isDirectory()) {
        makeDirectory(target);
        await this.#copyFolder(source, target, `${folder}${name}/`, see);
        // Last, since every file that is made in it changes its time, and its mode may forbid to make one.
        setFileAttributes(target, this.#attributes(source, stat));
      } else {
        see(folder + name);
        await this.#replace(source, stat, target, to);
      }
    }
  }

  async #replace(source: string, stat: FileStat, target: string, folder: string): Promise<void> {
    const aside = `${folder}/.kiln-${randomBytes(6).toString('hex')}`;
    try {
      await this.#make(source, stat, aside);
      if (statPath(target)?.isDirectory() === true) rmSync(fsPath(target), { recursive: true });
      renameSync(fsPath(aside), fsPath(target));
      // Renaming a link to another link of the same file does nothing.
      rmSync(fsPath(aside), { force: true });
    } catch (error) {
      rmSync(fsPath(aside), { force: true });
      throw error;
    }
    if (stat.nlink > 1n) this.#links.set(inode(stat), target);
  }

  async #make(source: string, stat: FileStat, aside: string): Promise<void> {
    const known = stat.nlink > 1n ? this.#links.get(inode(stat)) : undefined;
    if (known !== undefined) {
      linkSync(fsPath(known), fsPath(aside));
      return;
    }
    if (stat.isSymbolicLink()) {
      symlinkSync(readlinkSync(fsPath(source), 'buffer'), fsPath(aside));
      setMtime(aside, this.#mtime(stat));
      return;
    }
    if (stat.isFile()) {
      await copyFile(fsPath(source), fsPath(aside), this.#options.signal);
    } else {
      const { major, minor } = deviceNumbers(stat);
      makeNode(aside, Number(stat.mode), major, minor);
    }
    setFileAttributes(aside, this.#attributes(source, stat));
  }

  #attributes(source: string, stat: FileStat): Attributes {
    return {
      mode: Number(stat.mode) & 0o7777,
      // That is the user, wherever Kiln runs.
      ...{ uid: 0, gid: 0 },
      mtimeNs: this.#mtime(stat),
      xattrs: imageXattrs(source, stat),
    };
  }

  #mtime({ mtimeNs }: FileStat): bigint {
    const { epoch } = this.#options;
    return epoch === undefined ? mtimeNs : BigInt(epoch) * 1_000_000_000n;
  }
}

/** A directory that is there stays; anything else, a symlink too, makes room. */
function makeDirectory(path: string): void {
  const there = statPath(path);
  if (there?.isDirectory() === true) return;
  if (there) rmSync(fsPath(path));
  mkdirSync(fsPath(path), 0o700);
}

function inode({ dev, ino }: FileStat): string {
  return `${dev}:${ino}`;
}
