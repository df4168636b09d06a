import { chmodSync, lstatSync } from 'node:fs';
import { fromBytes, toBytes } from '../spec/byte-string.ts';
import { isSystemError } from './system-error.ts';
import { getXattr, removeXattr, setXattr } from './xattr.ts';

/** Who a file belongs to, where the kernel cannot say so. */
export interface RecordedOwner {
  readonly uid: number;
  readonly gid: number;
}

/** Attributes of Kiln's own, which no image has. */
const prefix = 'user.kiln.';
/** `UID:GID`. */
const ownAttribute = `${prefix}owner`;
/**
 * Symlinks, fifos and sockets cannot have such attributes, so their directory has it: groups of `UID:GID/NAME/NAME...`,
 * separated by NUL.
 */
const namesAttribute = `${prefix}owners`;
/** Of an empty file that stands for a device: `c:MAJOR:MINOR` or `b:MAJOR:MINOR`. */
const deviceAttribute = `${prefix}device`;

/** Whether an extended attribute is a note of Kiln's, which belongs neither to images nor to contexts. */
export function isRecordAttribute(name: string): boolean {
  return name.startsWith(prefix);
}

/**
 * The owner that is noted.
 *
 * @param hasAttributes whether it is a file or a directory
 */
export function readOwnerRecord(path: string, hasAttributes: boolean): RecordedOwner | undefined {
  if (hasAttributes) return parseOwner(readText(path, ownAttribute));
  const { directory, name } = split(path);
  const group = readGroups(directory).find(({ names }) => names.includes(name));
  return group && parseOwner(group.owner);
}

/**
 * Notes an owner, or forgets the one that is noted. Of many symlinks in one directory, the last may find no room for it on
 * file systems that have little; they count as root's.
 */
export function writeOwnerRecord(path: string, hasAttributes: boolean, owner: RecordedOwner | undefined): void {
  const text = owner && `${owner.uid}:${owner.gid}`;
  if (hasAttributes) {
    writeText(path, ownAttribute, text);
    return;
  }
  const { directory, name } = split(path);
  const groups = readGroups(directory);
  const others = groups.map((group) => ({ ...group, names: group.names.filter((other) => other !== name) }));
  if (text !== undefined) {
    const group = others.find((other) => other.owner === text);
    if (group) group.names.push(name);
    else others.push({ owner: text, names: [name] });
  } else if (groups.every(({ names }) => !names.includes(name))) return;
  const kept = others.filter(({ names }) => names.length > 0);
  const value = kept.map(({ owner: of, names }) => [of, ...names].join('/')).join('\0');
  try {
    writeText(directory, namesAttribute, value === '' ? undefined : value);
  } catch (error) {
    if (!isSystemError(error, 'ENOSPC', 'ERANGE', 'E2BIG')) throw error;
  }
}

export interface RecordedDevice {
  readonly isBlock: boolean;
  readonly major: number;
  readonly minor: number;
}

/** What device an empty file stands for. */
export function readDeviceRecord(path: string): RecordedDevice | undefined {
  const [, kind, major, minor] = /^([bc]):(\d+):(\d+)$/.exec(readText(path, deviceAttribute)) ?? [];
  return kind === undefined ? undefined : { isBlock: kind === 'b', major: Number(major), minor: Number(minor) };
}

export function writeDeviceRecord(path: string, { isBlock, major, minor }: RecordedDevice): void {
  setXattr(path, deviceAttribute, Buffer.from(`${isBlock ? 'b' : 'c'}:${major}:${minor}`));
}

/** Splits an absolute path. */
function split(path: string): { readonly directory: string; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return { directory: path.slice(0, slash) || '/', name: path.slice(slash + 1) };
}

interface Group {
  readonly owner: string;
  readonly names: string[];
}

function readGroups(directory: string): readonly Group[] {
  const text = readText(directory, namesAttribute);
  if (text === '') return [];
  return text.split('\0').map((group) => {
    const [owner = '', ...names] = group.split('/');
    return { owner, names };
  });
}

function parseOwner(text: string): RecordedOwner | undefined {
  const [, uid, gid] = /^(\d{1,10}):(\d{1,10})$/.exec(text) ?? [];
  const owner = { uid: Number(uid), gid: Number(gid) };
  return owner.uid <= 0xffff_ffff && owner.gid <= 0xffff_ffff ? owner : undefined;
}

/** Empty if there is nothing that may be read. */
function readText(path: string, attribute: string): string {
  try {
    const value = getXattr(path, attribute);
    return value ? fromBytes(value) : '';
  } catch (error) {
    if (isSystemError(error, 'EACCES', 'EPERM')) return '';
    throw error;
  }
}

function writeText(path: string, attribute: string, text: string | undefined): void {
  const write = (): void => {
    if (text !== undefined) setXattr(path, attribute, toBytes(text));
    else if (getXattr(path, attribute)) removeXattr(path, attribute);
  };
  try {
    write();
  } catch (error) {
    if (!isSystemError(error, 'EACCES')) throw error;
    // A file that may only be read, of a user who is not even root of a user namespace.
    withWriteAccess(path, write);
  }
}

/** @param path of a file or a directory, and no symlink */
function withWriteAccess(path: string, use: () => void): void {
  const host = path.isWellFormed() ? path : Buffer.from(toBytes(path));
  const { mode } = lstatSync(host);
  chmodSync(host, (mode & 0o7777) | 0o200);
  try {
    use();
  } finally {
    chmodSync(host, mode & 0o7777);
  }
}
