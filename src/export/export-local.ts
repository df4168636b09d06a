import { closeSync, renameSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { formatPlatformAll } from '../spec/platform.ts';
import { makeDirectories } from '../system/make-directories.ts';
import { discardAside, makeAside } from './aside.ts';
import { platformFolder } from './file-tree.ts';
import type { FileTree, TreeOptions } from './file-tree.ts';
import { explained } from './output-file.ts';
import { TreeCopy } from './tree-copy.ts';

/**
 * Copies file systems to a directory: with modes, times and attributes, for the user who runs Kiln. What is in the directory
 * already stays, unless something of the same name comes. A directory that was not there is there when all is in it, and no
 * symlink in one that was is followed.
 *
 * Throws KilnError `export/write-failed`, `export/is-file`, `export/overwrites`.
 */
export async function exportLocal(
  trees: readonly FileTree[],
  destination: string,
  options: TreeOptions,
): Promise<void> {
  const target = resolve(destination);
  const there = statSync(target, { throwIfNoEntry: false });
  if (there && !there.isDirectory()) {
    throw new KilnError('export/is-file', `destination directory ${destination} is a file`);
  }
  try {
    if (there) await copyTrees(trees, target, options);
    else await makeTarget(trees, target, options);
  } catch (cause) {
    throw explained(destination, cause);
  }
}

async function makeTarget(trees: readonly FileTree[], target: string, options: TreeOptions): Promise<void> {
  makeDirectories(dirname(resolve(target)));
  const aside = makeAside(target, 'directory');
  try {
    await copyTrees(trees, aside.path, options);
    renameSync(aside.path, target);
    closeSync(aside.fd);
  } catch (cause) {
    discardAside(aside);
    throw cause;
  }
}

async function copyTrees(trees: readonly FileTree[], directory: string, options: TreeOptions): Promise<void> {
  const seen = new Map<string, string>();
  for (const { root, platform } of trees) {
    const copy = new TreeCopy(root, directory, options);
    if (options.split) {
      await copy.copyTo(platformFolder(platform));
      continue;
    }
    const name = formatPlatformAll(platform);
    await copy.copy((path) => {
      const other = seen.get(path);
      seen.set(path, name);
      if (other === undefined) return;
      const message = `cannot overwrite ${path} from ${other} with ${name} when split option is disabled`;
      throw new KilnError('export/overwrites', message);
    });
  }
}
