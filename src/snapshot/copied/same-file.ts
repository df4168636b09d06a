import { closeSync, openSync, readSync } from 'node:fs';
import { fsPath } from '../../layer/host-path.ts';
import type { Found } from '../../layer/overlay.ts';
import { copiedXattrs } from './copied-attributes.ts';

const chunkSize = 256 * 1024;

/** Whether two regular files are the same to everybody who reads them: content, attributes, times. */
export function isSameFile(a: Found, b: Found): boolean {
  const isAlike = (['mode', 'uid', 'gid', 'size', 'mtimeNs'] as const).every((key) => a.stat[key] === b.stat[key]);
  return isAlike && a.stat.isFile() && hasSameXattrs(a.path, b.path) && hasSameContent(a.path, b.path);
}

function hasSameXattrs(a: string, b: string): boolean {
  const [ours, theirs] = [copiedXattrs(a), copiedXattrs(b)];
  return ours.size === theirs.size && [...ours].every(([name, value]) => equal(value, theirs.get(name)));
}

function equal(a: Uint8Array, b: Uint8Array | undefined): boolean {
  return b !== undefined && Buffer.compare(a, b) === 0;
}

/** Of files of the same size. */
function hasSameContent(a: string, b: string): boolean {
  const files = [a, b].map((path) => openSync(fsPath(path), 'r')) as [number, number];
  try {
    const [left, right] = [Buffer.allocUnsafe(chunkSize), Buffer.allocUnsafe(chunkSize)];
    for (let at = 0; ;) {
      const size = readSync(files[0], left, 0, chunkSize, at);
      if (size !== readSync(files[1], right, 0, chunkSize, at)) return false;
      if (size === 0) return true;
      if (left.compare(right, 0, size, 0, size) !== 0) return false;
      at += size;
    }
  } finally {
    for (const fd of files) closeSync(fd);
  }
}
