import { closeSync, linkSync, openSync, symlinkSync } from 'node:fs';
import { constants } from 'node:fs';
import { ValueError } from '../../spec/value-error.ts';
import { cleanPath, parentPath } from '../../spec/slash-path.ts';
import type { TarEntry } from '../../spec/tar/entry.ts';
import type { TarReader } from '../../spec/tar/tar-reader.ts';
import type { UnpackMeter } from '../../system/unpack-limits.ts';
import { writeContent } from '../../system/write-content.ts';
import type { ActionScope } from '../action-scope.ts';
import type { WantedAttributes } from '../attributes.ts';
import { baseName, childPath, fsPath, toBinary } from '../binary-path.ts';
import { Destination } from '../destination.ts';
import type { DiskFiles } from '../disk-files.ts';
import { makeSpecialFile } from '../make-special-file.ts';
import type { Pacer } from '../../system/pacer.ts';
import { resolvePath } from '../scoped-path.ts';

const { S_IFBLK, S_IFCHR, S_IFIFO } = constants;
/** What does not fit into 64 bits of nanoseconds counts as the beginning of time, as does what is before it. */
const latest = (1n << 63n) - 1n;

/** What unpacking has to do with besides the archive. */
export interface UnpackScope extends Pick<ActionScope, 'wanted' | 'pacer'> {
  readonly meter: UnpackMeter;
}

/** Puts the entries of an archive into a directory, one after the other. */
export class EntryUnpacker {
  readonly #files: DiskFiles;
  readonly #destination: Destination;
  readonly #wanted: WantedAttributes;
  readonly #pacer: Pacer;
  readonly #meter: UnpackMeter;
  /** Directories get their times last, since what is put into them changes those. */
  readonly #directoryTimes = new Map<string, bigint>();

  /** @param files what is below the directory, which is the root for all paths. */
  constructor(files: DiskFiles, { wanted, pacer, meter }: UnpackScope) {
    this.#files = files;
    this.#destination = new Destination(files, false);
    this.#wanted = wanted;
    this.#pacer = pacer;
    this.#meter = meter;
  }

  /**
   * Puts the entry there that the reader is at.
   *
   * @throws ValueError for an entry that cannot be; KilnError `system/unpack-limit`.
   */
  async unpack(entry: TarEntry, tar: TarReader): Promise<void> {
    this.#meter.entry(entry.kind === 'file' ? entry.size : 0, tar.storedSize);
    const name = cleanPath(toBinary(entry.path));
    const place = this.#locate(name);
    const stat = this.#files.stat(place);
    // What the archive says about the directory that it is unpacked to does not count.
    if (name === '.' && stat?.isDirectory()) return;
    if (stat && !(stat.isDirectory() && entry.kind === 'directory')) {
      if (place === '/') throw new ValueError('the root of the archive is not a directory');
      this.#files.remove(place);
    }
    if (entry.kind === 'file') await writeFile(this.#files.hostPath(place), tar, this.#pacer);
    else if (entry.kind !== 'directory') this.#create(entry, place);
    else if (!stat?.isDirectory()) this.#files.makeDirectory(place);
    this.#setAttributes(entry, place);
  }

  /** To be called after the last entry. */
  finish(): void {
    for (const [path, timeNs] of this.#directoryTimes) {
      if (this.#isStillDirectory(path)) this.#files.setTime(path, timeNs);
    }
  }

  /** A later entry may have put a link in the place of it, or of a directory above, and that may lead anywhere. */
  #isStillDirectory(path: string): boolean {
    for (let at = path; at !== '/'; at = parentPath(at)) {
      if (this.#files.stat(at)?.isDirectory() !== true) return false;
    }
    return true;
  }

  /** The place of a name, with the directory that holds it made. */
  #locate(name: string): string {
    const path = cleanPath(`/${name}`);
    if (path === '/') return this.#destination.locate(path);
    const directory = this.#destination.locate(parentPath(path));
    const wanted = { owner: { uid: 0, gid: 0 }, timeNs: undefined };
    const made = this.#destination.makeDirectories(directory, 0o755, wanted);
    for (let index = 0; index < made; index++) this.#meter.entry();
    return childPath(directory, baseName(path));
  }

  #create(entry: Exclude<TarEntry, { kind: 'file' | 'directory' }>, path: string): void {
    const host = this.#files.hostPath(path);
    switch (entry.kind) {
      case 'hard-link': {
        const target = resolvePath(this.#files, cleanPath(`/${toBinary(entry.target)}`), {
          followLast: false,
        });
        linkSync(fsPath(this.#files.hostPath(target)), fsPath(host));
        return;
      }
      case 'symlink':
        symlinkSync(fsPath(toBinary(entry.target)), fsPath(host));
        return;
      case 'character-device':
        makeSpecialFile(host, { ...entry, mode: S_IFCHR | entry.mode });
        return;
      case 'block-device':
        makeSpecialFile(host, { ...entry, mode: S_IFBLK | entry.mode });
        return;
      case 'fifo':
        makeSpecialFile(host, { mode: S_IFIFO | entry.mode, major: 0, minor: 0 });
    }
  }

  #setAttributes(entry: TarEntry, path: string): void {
    this.#files.setOwner(path, this.#wanted.owner ?? entry);
    this.#files.setXattrs(path, [...entry.xattrs]);
    const timeNs = entry.mtimeNs < 0n || entry.mtimeNs > latest ? 0n : entry.mtimeNs;
    if (entry.kind === 'directory') this.#directoryTimes.set(path, timeNs);
    // The permissions of a link are those of what it names, which says them itself.
    const isSymlink = this.#files.stat(path)?.isSymbolicLink() === true;
    if (!isSymlink) this.#files.setMode(path, entry.mode);
    if (!isSymlink || entry.kind === 'symlink') this.#files.setTime(path, timeNs);
  }
}

async function writeFile(host: string, tar: TarReader, pacer: Pacer): Promise<void> {
  const file = openSync(fsPath(host), 'wx');
  try {
    await writeContent(file, tar.content(), () => (pacer.isDue ? pacer.rest() : undefined));
  } finally {
    closeSync(file);
  }
}
