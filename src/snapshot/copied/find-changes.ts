import { assert } from '../../diagnostic/assert.ts';
import { listNames, statPath } from '../../layer/host-path.ts';
import { findInStack } from '../../layer/overlay.ts';
import type { FileStat } from '../../system/file-stat.ts';
import type { Breather } from './breather.ts';
import type { NotedFile, NotedFolder } from './noted-files.ts';
import { isSameFile } from './same-file.ts';

/** What was changed in a directory that was there before. */
export interface ChangedFolder {
  readonly name: string;
  /** Of the directory itself, as it is now. */
  readonly stat: FileStat;
  /** Whether anything in it or below was changed, or it itself. */
  readonly isChanged: boolean;
  /** Names of what is new or was changed, directories that are new as wholes; by name, whether it took the place of something. */
  readonly files: ReadonlyMap<string, boolean>;
  /** Names of what is gone. */
  readonly gone: readonly string[];
  /** Directories that were there before. */
  readonly folders: readonly ChangedFolder[];
}

export interface ChangesRequest {
  readonly root: string;
  /** What the layers below are, bottom first: it is looked at where the notes do not say enough. */
  readonly lowers: readonly string[];
  readonly noted: NotedFolder;
  readonly breather: Breather;
}

/**
 * Finds what was changed since it was noted, with no need to read files: whatever is done to one, its ctime changes. What
 * overlayfs would have copied up is found changed, except for files that were opened for writing and not written to.
 */
export async function findChanges(request: ChangesRequest): Promise<ChangedFolder> {
  const search = new ChangeSearch(request);
  const found = await search.folder('', request.noted);
  search.spreadAlongLinks();
  return settle(found);
}

interface FolderDraft {
  readonly name: string;
  readonly stat: FileStat;
  isTouched: boolean;
  readonly files: Map<string, boolean>;
  readonly gone: string[];
  readonly folders: FolderDraft[];
}

/** The names of a file that has several. */
interface Links {
  isChanged: boolean;
  readonly unchanged: { readonly folder: FolderDraft; readonly name: string }[];
}

class ChangeSearch {
  readonly #request: ChangesRequest;
  readonly #links = new Map<bigint, Links>();

  constructor(request: ChangesRequest) {
    this.#request = request;
  }

  /** @param path relative, with a slash before it; empty for the root */
  async folder(path: string, noted: NotedFolder): Promise<FolderDraft> {
    const { root, breather } = this.#request;
    const stat = statPath(root + path);
    assert(stat !== undefined, `${root}${path} is there`);
    const folder: FolderDraft = {
      ...{ name: path.slice(path.lastIndexOf('/') + 1), stat, isTouched: false },
      ...{ files: new Map(), gone: [], folders: [] },
    };
    const missing = new Set(noted.keys());
    for (const name of listNames(root + path)) {
      const pause = breather.next();
      if (pause) await pause;
      if (await this.#entry(folder, `${path}/${name}`, noted.get(name))) missing.delete(name);
    }
    folder.gone.push(...missing);
    return folder;
  }

  /** A file that was changed by one of its names was changed by all of them. */
  spreadAlongLinks(): void {
    for (const { isChanged, unchanged } of this.#links.values()) {
      if (isChanged) for (const { folder, name } of unchanged) folder.files.set(name, true);
    }
  }

  /** Whether there is something. */
  async #entry(folder: FolderDraft, path: string, noted: NotedFile | undefined): Promise<boolean> {
    const name = path.slice(path.lastIndexOf('/') + 1);
    const stat = statPath(this.#request.root + path);
    if (!stat || isWhiteoutDevice(stat)) return false;
    if (!stat.isDirectory()) {
      const isChanged = this.#isChanged(path, stat, noted);
      if (isChanged) folder.files.set(name, noted !== undefined);
      if (stat.nlink > 1n) this.#link(stat, isChanged ? undefined : { folder, name });
    } else if (noted?.children && noted.ino === stat.ino && noted.birthtimeNs === stat.birthtimeNs) {
      const inside = await this.folder(path, noted.children);
      inside.isTouched = noted.ctimeNs !== stat.ctimeNs;
      folder.folders.push(inside);
    } else {
      folder.files.set(name, noted !== undefined);
      // For the links.
      await this.folder(path, new Map());
    }
    return true;
  }

  #link({ ino }: FileStat, unchanged: Links['unchanged'][number] | undefined): void {
    const links = this.#links.get(ino) ?? { isChanged: false, unchanged: [] };
    this.#links.set(ino, links);
    if (unchanged) links.unchanged.push(unchanged);
    else links.isChanged = true;
  }

  #isChanged(path: string, stat: FileStat, noted: NotedFile | undefined): boolean {
    if (!noted || noted.children || noted.ino !== stat.ino) return true;
    if (noted.ctimeNs === stat.ctimeNs) return false;
    if (noted.nlink === 1n || noted.nlink === stat.nlink) return true;
    // Perhaps only another name of it has come or gone.
    const { root, lowers } = this.#request;
    const below = findInStack(lowers, path.slice(1));
    return !below || !isSameFile(below, { path: root + path, stat });
  }
}

/** A device that no layer can have: overlayfs, which takes it for a mark, refuses to make one. */
export function isWhiteoutDevice(stat: FileStat): boolean {
  return stat.isCharacterDevice() && stat.rdev === 0n;
}

function settle({ isTouched, folders, ...rest }: FolderDraft): ChangedFolder {
  const settled = folders.map(settle);
  const isChanged =
    isTouched || rest.files.size > 0 || rest.gone.length > 0 || settled.some((inside) => inside.isChanged);
  return { ...rest, isChanged, folders: settled.filter((inside) => inside.isChanged) };
}
