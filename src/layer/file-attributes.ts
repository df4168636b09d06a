import { chmodSync, lutimesSync } from 'node:fs';
import type { TarEntry } from '../spec/tar/entry.ts';
import { setOwner } from '../system/file-owner.ts';
import { isRecordAttribute } from '../system/owner-record.ts';
import { isSystemError } from '../system/system-error.ts';
import { setTimes } from '../system/times.ts';
import { setXattr } from '../system/xattr.ts';
import { fsPath } from './host-path.ts';
import { isOverlayAttribute } from './overlay.ts';

/** What there is to say of a file besides its content. */
export type Attributes = Pick<TarEntry, 'mode' | 'uid' | 'gid' | 'mtimeNs' | 'xattrs'>;

const second = 1_000_000_000n;

/** Gives a file that is no symlink its attributes. */
export function setFileAttributes(host: string, attributes: Attributes): void {
  setOwner(host, attributes.uid, attributes.gid);
  setXattrs(host, attributes);
  chmodSync(fsPath(host), attributes.mode);
  setMtime(host, attributes.mtimeNs);
}

/** After the owner, whose change takes capabilities away. What the file system does not have is left out. */
export function setXattrs(host: string, { xattrs }: Attributes): void {
  for (const [name, value] of xattrs) {
    if (isOverlayAttribute(name) || isRecordAttribute(name)) continue;
    try {
      setXattr(host, name, value);
    } catch (error) {
      // Other file systems and other kinds of files do not have every attribute, and some names and values are none anywhere.
      if (!isSystemError(error, 'ENOTSUP', 'EPERM', 'EINVAL', 'ERANGE')) throw error;
      if (isSystemError(error, 'EPERM') && name === 'security.capability') throw error;
    }
  }
}

/** Sets the time of last modification; of a symlink its own. Nanoseconds. */
export function setMtime(host: string, mtimeNs: bigint): void {
  const seconds = wholeSeconds(mtimeNs);
  if (seconds === undefined) setTimes(host, mtimeNs);
  else lutimesSync(fsPath(host), seconds, seconds);
}

/** What Node can set by itself: a number of seconds without a fraction. */
export function wholeSeconds(mtimeNs: bigint): number | undefined {
  // A negative number means the present time to Node.
  return mtimeNs >= 0n && mtimeNs % second === 0n ? Number(mtimeNs / second) : undefined;
}
