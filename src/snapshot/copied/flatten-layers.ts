import { linkSync, lstatSync, mkdirSync, readlinkSync, symlinkSync } from 'node:fs';
import { setFileAttributes, setMtime } from '../../layer/file-attributes.ts';
import { deviceNumbers, fsPath } from '../../layer/host-path.ts';
import { readMergedDirectory, type MergedEntry } from '../../layer/merged-directory.ts';
import { makeFileNode, setOwner } from '../../system/file-owner.ts';
import type { FileStat } from '../../system/file-stat.ts';
import { isSystemError } from '../../system/system-error.ts';
import { Breather } from './breather.ts';
import { copiedAttributes } from './copied-attributes.ts';
import { copyFileContent } from './copy-file.ts';

export interface FlattenRequest {
  /** Overlay directories, bottom first. */
  readonly layers: readonly string[];
  /** A directory. What is in it stays, if the layers have nothing of the name but a directory for a directory. */
  readonly target: string;
  /**
   * Files are not copied but get a second name: for what is only read. The file system of the layers must be that of the
   * target.
   */
  readonly isReadOnly: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** Copies the file system that layers come to, as it is: owners, times, attributes, links. */
export async function flattenLayers(request: FlattenRequest): Promise<void> {
  await new Flattening(request).folder(request.layers.toReversed(), request.target);
}

class Flattening {
  readonly #request: FlattenRequest;
  readonly #breather: Breather;
  /** By device and inode, where the first of several links was copied to. */
  readonly #links = new Map<string, string>();

  constructor(request: FlattenRequest) {
    this.#request = request;
    this.#breather = new Breather(request.signal);
  }

  async folder(parts: readonly string[], target: string): Promise<void> {
    for (const entry of readMergedDirectory({ parts })) {
      const pause = this.#breather.next();
      if (pause) await pause;
      if (entry.kind === 'whiteout') continue;
      const place = `${target}/${entry.name}`;
      if (entry.kind === 'directory') await this.#directory(entry, place);
      else await this.#file(entry.path, entry.stat, place);
    }
  }

  async #directory({ path, stat, parts }: Extract<MergedEntry, { kind: 'directory' }>, target: string): Promise<void> {
    makeDirectory(target);
    await this.folder(parts, target);
    // Last, since every file that is made in it changes its time, and takes over some of its attributes.
    setFileAttributes(target, copiedAttributes(path, stat));
  }

  async #file(path: string, stat: FileStat, target: string): Promise<void> {
    if (this.#request.isReadOnly && stat.isFile() && tryLink(path, target)) return;
    const inode = stat.nlink > 1n ? `${stat.dev}:${stat.ino}` : undefined;
    const known = inode === undefined ? undefined : this.#links.get(inode);
    if (known !== undefined) {
      linkSync(fsPath(known), fsPath(target));
      return;
    }
    if (inode !== undefined) this.#links.set(inode, target);
    if (stat.isSymbolicLink()) {
      symlinkSync(readlinkSync(fsPath(path), 'buffer'), fsPath(target));
      setOwner(target, Number(stat.uid), Number(stat.gid));
      setMtime(target, stat.mtimeNs);
      return;
    }
    if (stat.isFile()) {
      const copied = copyFileContent({ source: path, target, stat, signal: this.#request.signal });
      if (copied) await copied;
    } else {
      const { major, minor } = deviceNumbers(stat);
      makeFileNode(target, Number(stat.mode), major, minor);
    }
    setFileAttributes(target, copiedAttributes(path, stat));
  }
}

function makeDirectory(path: string): void {
  try {
    mkdirSync(fsPath(path), 0o700);
  } catch (error) {
    if (!isSystemError(error, 'EEXIST') || !lstatSync(fsPath(path)).isDirectory()) throw error;
  }
}

/** Not every file can have another name: there may be too many, and the system may forbid it. */
function tryLink(path: string, target: string): boolean {
  try {
    linkSync(fsPath(path), fsPath(target));
    return true;
  } catch (error) {
    if (!isSystemError(error, 'EMLINK', 'EPERM', 'EACCES', 'EXDEV', 'ENOTSUP')) throw error;
    return false;
  }
}
