import { lstatSync, readdirSync, type Stats } from 'node:fs';
import { isSystemError } from '../../system/system-error.ts';

/** What a directory tree takes on the disk. */
export interface TreeUsage {
  /** As `du` counts: blocks of 512 bytes, each file once however many names it has. */
  readonly bytes: number;
  /** Nothing in it has a name elsewhere. */
  readonly isAlone: boolean;
}

const block = 512;
const slash = Buffer.from('/');

/** Measures what is on a disk. What has several names is counted where it is met first. What vanishes meanwhile counts nothing. */
export class DiskUsage {
  /** Files with several names, by device and inode: how many of the names are still to come. */
  readonly #links = new Map<string, number>();

  /** Of a file or a directory alone, without what is in it. Bytes. */
  own(path: string): number {
    const stat = statOf(Buffer.from(path));
    return stat ? this.#count(stat) : 0;
  }

  /** Of a file, or of a directory with all that is in it. */
  tree(path: string): TreeUsage {
    let bytes = 0;
    const shared = new Map<string, number>();
    const open = [Buffer.from(path)];
    for (let at = open.pop(); at; at = open.pop()) {
      const stat = statOf(at);
      if (!stat) continue;
      bytes += this.#count(stat);
      if (stat.isDirectory()) for (const name of namesIn(at)) open.push(Buffer.concat([at, slash, name]));
      else if (stat.nlink > 1) {
        const key = keyOf(stat);
        shared.set(key, (shared.get(key) ?? stat.nlink) - 1);
      }
    }
    return { bytes, isAlone: [...shared.values()].every((missing) => missing === 0) };
  }

  #count(stat: Stats): number {
    if (stat.nlink > 1 && !stat.isDirectory()) {
      const key = keyOf(stat);
      const known = this.#links.get(key);
      if (known !== undefined) {
        if (known === 1) this.#links.delete(key);
        else this.#links.set(key, known - 1);
        return 0;
      }
      this.#links.set(key, stat.nlink - 1);
    }
    return stat.blocks * block;
  }
}

function keyOf({ dev, ino }: Stats): string {
  return `${dev} ${ino}`;
}

function statOf(path: Buffer): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

function namesIn(path: Buffer): readonly Buffer[] {
  try {
    return readdirSync(path, 'buffer');
  } catch (error) {
    if (isSystemError(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
}
