import { closeSync, constants, lchownSync, lstatSync, openSync } from 'node:fs';
import process from 'node:process';
import { toBytes } from '../spec/byte-string.ts';
import type { FileStat } from './file-stat.ts';
import { idMap } from './id-map.ts';
import { deviceNumber, makeNode } from './node.ts';
import { readDeviceRecord, readOwnerRecord, writeDeviceRecord, writeOwnerRecord } from './owner-record.ts';
import { isSystemError } from './system-error.ts';

// In a user namespace not every id is there, and there are no devices. Files can be given to anybody here all the same: who
// that is is noted where the kernel refuses it, and what is noted is what `withOwner` says of a file. Where every id is
// there, nothing is noted, and no note counts.

const fileTypes = { mask: 0o170000n, character: 0o020000n, block: 0o060000n } as const;

/**
 * Gives a file to somebody, not following links; takes set-id bits away as lchown(2) does, unless nobody but the note changes.
 */
export function setOwner(path: string, uid: number, gid: number): void {
  const { isComplete, hasUser, hasGroup } = idMap();
  const host = nodePath(path);
  if (isComplete) {
    lchownSync(host, uid, gid);
    return;
  }
  const stat = lstatSync(host);
  const [known, knownGroup] = [hasUser(uid) ? uid : 0, hasGroup(gid) ? gid : 0];
  // Whoever is not root makes files that count as root's.
  if (isRoot() && (stat.uid !== known || stat.gid !== knownGroup)) lchownSync(host, known, knownGroup);
  const isPossible = known === uid && knownGroup === gid;
  writeOwnerRecord(path, hasAttributes(stat), isPossible ? undefined : { uid, gid });
}

/** Whether files that this process makes belong to them, with nothing noted; in a directory of another group, the group may differ. */
export function isOwner(uid: number, gid: number): boolean {
  return uid === process.geteuid?.() && gid === process.getegid?.() && idMap().isComplete;
}

/** What lstat(2) says of a path, with the owner and the device that are noted in the place of those that are not. */
export function withOwner(path: string, stat: FileStat): FileStat {
  if (idMap().isComplete) return stat;
  const owner = readOwnerRecord(path, hasAttributes(stat));
  const device = stat.isFile() && stat.size === 0n ? readDeviceRecord(path) : undefined;
  // Whoever is not root makes files that count as root's.
  const isOwn = !owner && !isRoot() && stat.uid === BigInt(process.geteuid?.() ?? 0);
  return having(stat, {
    ...(isOwn && { uid: 0n, gid: 0n }),
    ...(owner && { uid: BigInt(owner.uid), gid: BigInt(owner.gid) }),
    ...(device && {
      mode: (stat.mode & ~fileTypes.mask) | (device.isBlock ? fileTypes.block : fileTypes.character),
      rdev: BigInt(deviceNumber(device.major, device.minor)),
    }),
  });
}

function having(stat: FileStat, values: Partial<FileStat>): FileStat {
  for (const [name, value] of Object.entries(values)) Object.defineProperty(stat, name, { value });
  return stat;
}

/** Whether the owner of a file is one that the kernel does not know. */
export function hasNotedOwner(path: string, stat: FileStat): boolean {
  return !idMap().isComplete && readOwnerRecord(path, hasAttributes(stat)) !== undefined;
}

/** {@link makeNode}; in a user namespace, an empty file that stands for a device. */
export function makeFileNode(path: string, mode: number, major: number, minor: number): void {
  try {
    makeNode(path, mode, major, minor);
  } catch (error) {
    const isBlock = (mode & constants.S_IFMT) === constants.S_IFBLK;
    const isDevice = isBlock || (mode & constants.S_IFMT) === constants.S_IFCHR;
    // 0:0 is what overlayfs hides files with, which everybody may make.
    if (!isDevice || (major === 0 && minor === 0) || idMap().isComplete || !isSystemError(error, 'EPERM')) throw error;
    closeSync(openSync(nodePath(path), 'wx', mode & 0o7777));
    writeDeviceRecord(path, { isBlock, major, minor });
  }
}

function isRoot(): boolean {
  return process.geteuid?.() === 0;
}

function hasAttributes(stat: { isFile(): boolean; isDirectory(): boolean }): boolean {
  return stat.isFile() || stat.isDirectory();
}

function nodePath(path: string): string | Buffer {
  return path.isWellFormed() ? path : Buffer.from(toBytes(path));
}
