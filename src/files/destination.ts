import { KilnError } from '../diagnostic/kiln-error.ts';
import { cleanPath } from '../spec/slash-path.ts';
import type { WantedAttributes } from './attributes.ts';
import { childPath, toText } from './binary-path.ts';
import { resolvePath } from './scoped-path.ts';
import type { TargetFiles } from './target-files.ts';

/** Where COPY, ADD and WORKDIR put things. Paths are binary and absolute in it; located ones have no link but for the last name. */
export class Destination {
  readonly files: TargetFiles;
  /** Whether what is in the way is replaced, links included, instead of being followed or refused. */
  readonly #replaces: boolean;

  constructor(files: TargetFiles, replaces: boolean) {
    this.files = files;
    this.#replaces = replaces;
  }

  /** Where a path leads. With `replace`, nothing but names counts. */
  locate(path: string): string {
    return this.#replaces ? cleanPath(path) : resolvePath(this.files, path, { followLast: true });
  }

  /** Whether a located path is a directory. */
  isDirectory(path: string): boolean {
    return this.files.stat(path)?.isDirectory() === true;
  }

  /**
   * Makes a located directory, with those above it, as far as they are not there.
   *
   * @param bits permissions of those that are made.
   * @returns how many were made.
   * @throws KilnError `files/not-a-directory`
   */
  makeDirectories(located: string, bits: number, wanted: Pick<WantedAttributes, 'owner' | 'timeNs'>): number {
    const made: string[] = [];
    let path = '/';
    for (const name of located.split('/')) {
      if (name === '') continue;
      path = childPath(path, name);
      const stat = this.files.stat(path);
      if (stat?.isDirectory()) continue;
      if (stat && !this.#replaces) throw notADirectory(located);
      if (stat) this.files.remove(path);
      this.files.makeDirectory(path);
      if (wanted.owner) this.files.setOwner(path, wanted.owner);
      this.files.setMode(path, bits);
      made.push(path);
    }
    if (wanted.timeNs === undefined) return made.length;
    // From the inside out, since making a directory changes the time of the one above.
    for (const one of made.reverse()) this.files.setTime(one, wanted.timeNs);
    return made.length;
  }

  /**
   * Removes what is in the way of a new entry.
   *
   * @returns whether there is nothing now; if not, there is a directory, and one is wanted.
   * @throws KilnError `files/directory-in-the-way`, `files/not-a-directory`
   */
  makeWay(path: string, isForDirectory: boolean): boolean {
    const stat = this.files.stat(path);
    if (!stat) return true;
    if (isForDirectory && stat.isDirectory()) return false;
    if (!this.#replaces && isForDirectory) {
      throw new KilnError('files/not-a-directory', `cannot copy to non-directory: ${toText(path)}`);
    }
    if (!this.#replaces && stat.isDirectory()) {
      throw new KilnError('files/directory-in-the-way', `cannot replace to directory ${toText(path)} with file`);
    }
    this.files.remove(path);
    return true;
  }
}

function notADirectory(path: string): KilnError {
  return new KilnError('files/not-a-directory', `mkdir ${toText(path)}: not a directory`);
}
