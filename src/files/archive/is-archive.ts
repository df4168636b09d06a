import type { Entry } from '../entry.ts';
import type { TreeReader } from '../tree-reader.ts';
export async function isArchive(_r: TreeReader, _e: Entry): Promise<boolean> {
  return Promise.resolve(false);
}
