import {
  chmodSync,
  closeSync,
  fchmodSync,
  futimesSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { toBytes } from '../spec/byte-string.ts';
import type { DeviceEntry, FifoEntry, FileEntry, SymlinkEntry } from '../spec/tar/entry.ts';
import { isOwner, makeFileNode, setOwner } from '../system/file-owner.ts';
import { isSystemError } from '../system/system-error.ts';
import { setTimes } from '../system/times.ts';
import { writeContent } from '../system/write-content.ts';
import { setFileAttributes, setMtime, setXattrs, wholeSeconds } from './file-attributes.ts';
import type { Attributes } from './file-attributes.ts';
import { makeWhiteout } from './overlay-marks.ts';
import { fsPath, statPath } from './host-path.ts';
import { PathTree } from './path-tree.ts';

const nodeTypes = { 'character-device': 0o020000, 'block-device': 0o060000, fifo: 0o010000 } as const;

/**
 * Makes files below a directory, from paths that are relative and clean, in directories that the caller knows to be real.
 * No symlink is followed anywhere. What is in the way of something new is removed, except directories for directories.
 */
export class UnpackedTree {
  readonly #root: string;
  /** Times of directories, which change with every file that is made in them: set at the end. */
  readonly #directoryTimes = new PathTree<bigint>();
  /** Groups of directories, which what is made in them may inherit. */
  readonly #directoryGroups = new Map<string, number>();

  /** @param root a directory that exists */
  constructor(root: string) {
    this.#root = root;
    this.#directoryGroups.set('', lstatSync(fsPath(root)).gid);
  }

  /** Path of the host. */
  host(path: string): string {
    return path === '' ? this.#root : `${this.#root}/${path}`;
  }

  async file(path: string, entry: FileEntry, content: AsyncIterable<Uint8Array>): Promise<void> {
    const host = this.host(path);
    const fd = this.#replacing(path, () => openSync(fsPath(host), 'wx', 0o600));
    try {
      if (entry.size > 0) await writeContent(fd, content);
      this.#setNewOwner(path, entry);
      setXattrs(host, entry);
      fchmodSync(fd, entry.mode);
      const seconds = wholeSeconds(entry.mtimeNs);
      if (seconds !== undefined) futimesSync(fd, seconds, seconds);
    } finally {
      closeSync(fd);
    }
    if (wholeSeconds(entry.mtimeNs) === undefined) setTimes(host, entry.mtimeNs);
  }

  /** Makes a directory, or gives one that is there new attributes. */
  directory(path: string, attributes: Attributes): void {
    const host = this.host(path);
    try {
      mkdirSync(fsPath(host), 0o700);
      this.#setNewOwner(path, attributes);
    } catch (error) {
      if (!isSystemError(error, 'EEXIST')) throw error;
      if (statPath(host)?.isDirectory() !== true) {
        this.remove(path);
        mkdirSync(fsPath(host), 0o700);
      }
      setOwner(host, attributes.uid, attributes.gid);
    }
    this.#directoryGroups.set(path, attributes.gid);
    setXattrs(host, attributes);
    chmodSync(fsPath(host), attributes.mode);
    this.#directoryTimes.set(path, attributes.mtimeNs);
  }

  /** {@link setFileAttributes} */
  setAttributes(path: string, attributes: Attributes): void {
    setFileAttributes(this.host(path), attributes);
  }

  symlink(path: string, entry: SymlinkEntry): void {
    const host = this.host(path);
    const target = entry.target.isWellFormed() ? entry.target : Buffer.from(toBytes(entry.target));
    this.#replacing(path, () => {
      symlinkSync(target, fsPath(host));
    });
    this.#setNewOwner(path, entry);
    setXattrs(host, entry);
    setMtime(host, entry.mtimeNs);
  }

  /** A second name of a file of this tree. */
  hardLink(path: string, target: string): void {
    this.#replacing(path, () => {
      linkSync(fsPath(this.host(target)), fsPath(this.host(path)));
    });
  }

  node(path: string, entry: DeviceEntry | FifoEntry): void {
    const host = this.host(path);
    const [major, minor] = entry.kind === 'fifo' ? [0, 0] : [entry.major, entry.minor];
    this.#replacing(path, () => {
      makeFileNode(host, nodeTypes[entry.kind] | 0o600, major, minor);
    });
    this.setAttributes(path, entry);
  }

  whiteout(path: string): void {
    this.#replacing(path, () => {
      makeWhiteout(this.host(path));
    });
  }

  /** Removes whatever is there. */
  remove(path: string): void {
    rmSync(fsPath(this.host(path)), { recursive: true, force: true });
    this.#directoryTimes.remove(path);
  }

  /** Sets what can only be set when all files are there. */
  finish(): void {
    for (const [path, mtimeNs] of this.#directoryTimes.entries()) setMtime(this.host(path), mtimeNs);
  }

  /** Gives what was just made to somebody; if it is theirs already, which is most often so, nothing has to be done. */
  #setNewOwner(path: string, { uid, gid }: Pick<Attributes, 'uid' | 'gid'>): void {
    const folder = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    const isTheirs = isOwner(uid, gid) && this.#directoryGroups.get(folder) === gid;
    if (!isTheirs) setOwner(this.host(path), uid, gid);
  }

  #replacing<Result>(path: string, make: () => Result): Result {
    try {
      return make();
    } catch (error) {
      if (!isSystemError(error, 'EEXIST')) throw error;
      this.remove(path);
      return make();
    }
  }
}
