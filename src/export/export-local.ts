import { randomBytes } from 'node:crypto';
import { mkdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { KilnError } from '../diagnostic/kiln-error.ts';
import { formatPlatformAll } from '../spec/platform.ts';
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
  const directory = there ? target : join(dirname(target), `.${basename(target)}.${randomBytes(6).toString('hex')}`);
  try {
    mkdirSync(directory, { recursive: true });
    await copyTrees(trees, directory, options);
    if (!there) renameSync(directory, target);
  } catch (cause) {
    if (!there) rmSync(directory, { recursive: true, force: true });
    throw explained(destination, cause);
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
