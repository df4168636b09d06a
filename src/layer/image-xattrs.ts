import { capabilityName, noXattrs } from '../spec/tar/entry.ts';
import type { FileStat } from '../system/file-stat.ts';
import { isRecordAttribute } from '../system/owner-record.ts';
import { getXattr, listXattrs } from '../system/xattr.ts';
import { isOverlayAttribute } from './overlay.ts';

/**
 * The extended attributes of a file that belong to an image: capabilities, and what users set. Labels of security modules are
 * the host's affair.
 */
export function imageXattrs(path: string, stat: FileStat): ReadonlyMap<string, Uint8Array> {
  return mayHaveXattrs(stat) ? namedXattrs(path, listXattrs(path)) : noXattrs;
}

/** Nothing else has any that belong to an image. */
function mayHaveXattrs(stat: FileStat): boolean {
  return stat.isFile() || stat.isDirectory();
}

function namedXattrs(path: string, all: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const names = all.filter(belongsToImage);
  if (names.length === 0) return noXattrs;
  const xattrs = new Map<string, Uint8Array>();
  for (const name of names.sort()) {
    const value = getXattr(path, name);
    if (value) xattrs.set(name, value);
  }
  return xattrs;
}

/**
 * Those that go into layers: capabilities only, as with BuildKit and containerd. The others are for steps to see.
 *
 * @param names those of all that the file has, if they are known
 */
export function layerXattrs(
  path: string,
  stat: FileStat,
  names: readonly string[] | undefined,
): ReadonlyMap<string, Uint8Array> {
  const all = mayHaveXattrs(stat) ? namedXattrs(path, names ?? listXattrs(path)) : noXattrs;
  const capability = all.get(capabilityName);
  if (capability && all.size === 1) return all;
  return capability ? new Map([[capabilityName, capability]]) : noXattrs;
}

function belongsToImage(name: string): boolean {
  return name === capabilityName || (name.startsWith('user.') && !isOverlayAttribute(name) && !isRecordAttribute(name));
}
