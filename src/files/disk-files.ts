import { mkdirSync, writeFileSync } from 'node:fs';
import { changeOwner, setMode, setTime, type OwnerSetter } from './attributes.ts';
import { fsPath, toText } from './binary-path.ts';
import { copyContent, type ContentCopy } from './copy-content.ts';
import type { Entry } from './entry.ts';
import { changedError } from './file-error.ts';
import type { OwnerIds } from './owner.ts';
import { removeTree } from './remove-tree.ts';
import { isUnchanged } from './seen-files.ts';
import type { PathStat } from './scoped-path.ts';
import type { TargetFiles, Xattrs } from './target-files.ts';
import { TreeReader } from './tree-reader.ts';
import { writeXattrs } from './xattrs.ts';

/** The files below a directory of the host, which are changed at once. */
export class DiskFiles implements TargetFiles {
  readonly root: string;
  readonly #reader: TreeReader;
  readonly #setOwner: OwnerSetter;

  /** @param setOwner instead of lchown(2) */
  constructor(root: string, setOwner: OwnerSetter = changeOwner) {
    this.root = root;
    this.#reader = new TreeReader({ root, kind: 'snapshot' });
    this.#setOwner = setOwner;
  }

  /** The files below one of the directories. */
  below(path: string): DiskFiles {
    return new DiskFiles(toText(this.hostPath(path)), this.#setOwner);
  }

  /** Where a path is on the host, binary. */
  hostPath(path: string): string {
    return this.#reader.hostPath(path);
  }

  stat(path: string): PathStat | undefined {
    return this.#reader.stat(path);
  }

  readLink(path: string): string {
    return this.#reader.readLink(path);
  }

  makeDirectory(path: string): void {
    mkdirSync(fsPath(this.hostPath(path)));
  }

  remove(path: string): void {
    removeTree(this.hostPath(path));
  }

  copy(copy: ContentCopy, entry: Entry, path: string): Promise<void> | undefined {
    const isSlow = copyContent(copy, entry, this.hostPath(path));
    if (copy.reader.tree.kind === 'snapshot') return isSlow;
    if (isSlow) {
      return isSlow.then(() => {
        verify(copy.reader, entry);
      });
    }
    verify(copy.reader, entry);
    return undefined;
  }

  write(path: string, content: Uint8Array): void {
    writeFileSync(fsPath(this.hostPath(path)), content, { flag: 'wx' });
  }

  setOwner(path: string, { uid, gid }: OwnerIds): void {
    this.#setOwner(fsPath(this.hostPath(path)), uid, gid);
  }

  setMode(path: string, bits: number): void {
    setMode(this.hostPath(path), bits);
  }

  setXattrs(path: string, xattrs: Xattrs): void {
    writeXattrs(this.hostPath(path), xattrs);
  }

  setTime(path: string, timeNs: bigint): void {
    setTime(this.hostPath(path), timeNs);
  }
}

/** The user may have changed what was just being read. */
function verify(reader: TreeReader, entry: Entry): void {
  const stat = reader.statAll(entry.path);
  if (!stat || !isUnchanged(entry.stat, stat)) throw changedError(entry.path);
}
