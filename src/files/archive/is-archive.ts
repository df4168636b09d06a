import { decodeTarHeader } from '../../spec/tar/decode-header.ts';
import { tarBlockSize } from '../../spec/tar/entry.ts';
import type { Entry } from '../entry.ts';
import type { TreeReader } from '../tree-reader.ts';
import { isBrokenData } from './broken-data.ts';
import { readArchive } from './read-archive.ts';

/** Whether a file is a tar, compressed or not, judging by the beginning of its content. An empty tar does not count. */
export async function isArchive(reader: TreeReader, { path, stat }: Entry): Promise<boolean> {
  if (!stat.isFile()) return false;
  try {
    const block = await firstBlock(readArchive(reader.hostPath(path)));
    return block !== undefined && decodeTarHeader(block) !== undefined;
  } catch (error) {
    if (isBrokenData(error)) return false;
    throw error;
  }
}

async function firstBlock(archive: AsyncIterable<Uint8Array>): Promise<Uint8Array | undefined> {
  let start = Buffer.alloc(0);
  for await (const chunk of archive) {
    start = Buffer.concat([start, chunk]);
    if (start.length >= tarBlockSize) return start.subarray(0, tarBlockSize);
  }
  return undefined;
}
