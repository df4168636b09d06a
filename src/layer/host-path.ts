import { lstatSync } from 'node:fs';
import { fromBytes, toBytes } from '../spec/byte-string.ts';
import { withOwner } from '../system/file-owner.ts';
import { listDirectory } from '../system/list-directory.ts';
import { lookAtAllAside, type FileLook } from '../system/look-at-all.ts';
import { lstatAll } from '../system/lstat-all.ts';
import type { FileStat } from '../system/file-stat.ts';

/** A path of the host for functions of `node:fs`: a byte string that is not UTF-8 goes as bytes. */
export function fsPath(path: string): string | Buffer {
  return path.isWellFormed() ? path : Buffer.from(toBytes(path));
}

/** The names in a directory as byte strings, sorted by their bytes. */
export function listNames(directory: string): readonly string[] {
  const names = listDirectory(fsPath(directory)).map(({ name }) => name);
  return names.sort().map((name) => (isAscii(name) ? name : fromBytes(Buffer.from(name, 'latin1'))));
}

/** What is at a path, with the owner that is meant; a symlink itself. Undefined if there is nothing. */
export function statPath(path: string): FileStat | undefined {
  const stat = lstatSync(fsPath(path), { bigint: true, throwIfNoEntry: false });
  return stat && withOwner(path, stat);
}

/** {@link statPath} of several paths, in their order. */
export function statPaths(paths: readonly string[]): readonly (FileStat | undefined)[] {
  return lstatAll(paths.map(fsPath)).map((stat, index) => stat && withOwner(paths[index] ?? '', stat));
}

/** What is at paths, in their order, with the owners that are meant; of many, found out on another thread. */
export async function lookAtPathsAside(paths: readonly string[]): Promise<readonly (FileLook | undefined)[]> {
  const looks = await lookAtAllAside(paths.map(fsPath));
  return looks.map((look, index) => look && { ...look, stat: withOwner(paths[index] ?? '', look.stat) });
}

/** Major and minor number of a device. */
export function deviceNumbers({ rdev }: FileStat): { readonly major: number; readonly minor: number } {
  const major = Number(((rdev >> 8n) & 0xfffn) | ((rdev >> 32n) & 0xfffff000n));
  const minor = Number((rdev & 0xffn) | ((rdev >> 12n) & 0xffffff00n));
  return { major, minor };
}

function isAscii(text: string): boolean {
  return !/[^\x00-\x7f]/.test(text);
}
