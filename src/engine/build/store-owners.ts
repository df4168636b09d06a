import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { jsonTable } from '../../content/key-value-table.ts';
import type { ContentStore } from '../../content/store.ts';
import { KilnError } from '../../diagnostic/kiln-error.ts';
import { isRootless } from '../../sandbox/rootless/rootless.ts';
import { idMap } from '../../system/id-map.ts';

/**
 * Sees to it that the files of a store are those of the ids that this process has, and that it understands the marks of
 * overlayfs on them: under another map of ids all files would belong to others.
 *
 * Throws KilnError `engine/other-owners`.
 */
export function checkStoreOwners({ database, root }: ContentStore): void {
  const table = jsonTable<string>(database, 'store_owners');
  const ours = `${isRootless() ? 'user namespace' : 'root'}, ids ${idMap().text}`;
  const theirs = table.get('ids');
  if (theirs === ours) return;
  if (theirs !== undefined && hasFiles(root)) {
    throw new KilnError('engine/other-owners', `the files in ${root} have owners that were not meant for this user`, {
      hint: `name another place with --root or KILN_ROOT, or remove this one; it was filled as ${theirs}, and this is ${ours}`,
    });
  }
  table.set('ids', ours);
}

/** Blobs belong to nobody in particular. */
function hasFiles(root: string): boolean {
  return ['snapshots', 'caches', 'git', 'http'].some((name) => {
    try {
      return readdirSync(join(root, name)).length > 0;
    } catch {
      return false;
    }
  });
}
