import { mkdirSync } from 'node:fs';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { cleanPath } from '../spec/slash-path.ts';
import { setMode, setTime, type WantedAttributes } from './attributes.ts';
import { childPath, fsPath, toText } from './binary-path.ts';
import { removeTree } from './remove-tree.ts';
import { resolvePath } from './scoped-path.ts';
import { TreeReader } from './tree-reader.ts';

/** A path of a destination without links but for the last name. */
export interface Place {
  /** In the destination, binary. */
  readonly path: string;
  /** On the host, binary. */
  readonly host: string;
}

/** The file system that is changed. Paths are binary and absolute in it. */
export class Destination {
  readonly reader: TreeReader;
  /** Whether what is in the way is replaced, links included, instead of being followed or refused. */
  readonly #replaces: boolean;

  /** @param root on the host. */
  constructor(root: string, replaces: boolean) {
    this.reader = new TreeReader({ root, kind: 'snapshot' });
    this.#replaces = replaces;
  }

  /** Where a path leads. With `replace`, nothing but names counts. */
  locate(path: string): Place {
    const located = this.#replaces ? cleanPath(path) : resolvePath(this.reader, path, { followLast: true });
    return { path: located, host: this.reader.hostPath(located) };
  }

  /** An entry of a directory. */
  child(directory: Place, name: string): Place {
    return { path: childPath(directory.path, name), host: childPath(directory.host, name) };
  }

  /** Whether a located path is a directory. */
  isDirectory({ path }: Place): boolean {
    return this.reader.stat(path)?.isDirectory() === true;
  }

  /**
   * Makes a located directory, with those above it, as far as they are not there.
   *
   * @param bits permissions of those that are made.
   * @returns how many were made.
   * @throws KilnError `files/not-a-directory`
   */
  makeDirectories(place: Place, bits: number, wanted: Pick<WantedAttributes, 'owner' | 'timeNs' | 'setOwner'>): number {
    const made: string[] = [];
    let path = '/';
    for (const name of place.path.split('/')) {
      if (name === '') continue;
      path = childPath(path, name);
      const stat = this.reader.stat(path);
      if (stat?.isDirectory()) continue;
      const host = this.reader.hostPath(path);
      if (stat && !this.#replaces) throw notADirectory(place.path);
      if (stat) removeTree(host);
      mkdirSync(fsPath(host));
      if (wanted.owner) wanted.setOwner(fsPath(host), wanted.owner.uid, wanted.owner.gid);
      setMode(host, bits);
      made.push(host);
    }
    if (wanted.timeNs === undefined) return made.length;
    // From the inside out, since making a directory changes the time of the one above.
    for (const host of made.reverse()) setTime(host, wanted.timeNs);
    return made.length;
  }

  /**
   * Removes what is in the way of a new entry.
   *
   * @returns whether there is nothing now; if not, there is a directory, and one is wanted.
   * @throws KilnError `files/directory-in-the-way`, `files/not-a-directory`
   */
  makeWay(place: Place, isForDirectory: boolean): boolean {
    const stat = this.reader.stat(place.path);
    if (!stat) return true;
    if (isForDirectory && stat.isDirectory()) return false;
    if (!this.#replaces && isForDirectory) {
      throw new KilnError('files/not-a-directory', `cannot copy to non-directory: ${toText(place.path)}`);
    }
    if (!this.#replaces && stat.isDirectory()) {
      throw new KilnError('files/directory-in-the-way', `cannot replace to directory ${toText(place.path)} with file`);
    }
    removeTree(place.host);
    return true;
  }
}

function notADirectory(path: string): KilnError {
  return new KilnError('files/not-a-directory', `mkdir ${toText(path)}: not a directory`);
}
