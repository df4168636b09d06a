import { listNames, statPath } from '../../layer/host-path.ts';
import type { Breather } from './breather.ts';

/** What a file was like when nothing had been changed. */
export interface NotedFile {
  readonly ino: bigint;
  /** When it was made, ns since 1970, 0 where nobody knows: numbers of files are given again to others. */
  readonly birthtimeNs: bigint;
  /** Of the last change of anything, ns since 1970: programs cannot set it. */
  readonly ctimeNs: bigint;
  readonly nlink: bigint;
  /** Of a directory, by name. */
  readonly children: NotedFolder | undefined;
}

export type NotedFolder = ReadonlyMap<string, NotedFile>;

/** Notes what is in a directory and below it. */
export async function noteFiles(directory: string, breather: Breather): Promise<NotedFolder> {
  const noted = new Map<string, NotedFile>();
  for (const name of listNames(directory)) {
    const pause = breather.next();
    if (pause) await pause;
    const path = `${directory}/${name}`;
    const stat = statPath(path);
    if (!stat) continue;
    const { ino, birthtimeNs, ctimeNs, nlink } = stat;
    const children = stat.isDirectory() ? await noteFiles(path, breather) : undefined;
    noted.set(name, { ino, birthtimeNs, ctimeNs, nlink, children });
  }
  return noted;
}

/** The latest of all changes, ns since 1970. */
export function latestChange(folder: NotedFolder): bigint {
  let latest = 0n;
  for (const { ctimeNs, children } of folder.values()) {
    if (ctimeNs > latest) latest = ctimeNs;
    const inside = children ? latestChange(children) : 0n;
    if (inside > latest) latest = inside;
  }
  return latest;
}
