import type { Tree, TreeEntry } from '../../src/dockerfile/ignore/filter-tree.ts';

/** A tree in memory from the paths in it; those of directories, needed only for empty ones, end in `/`. */
export function fileTree(paths: readonly string[]): Tree {
  const directories = new Map<string, Map<string, TreeEntry>>([['', new Map()]]);
  for (const path of paths) {
    let parent = '';
    const names = path.replace(/\/$/, '').split('/');
    for (const [index, name] of names.entries()) {
      const directory = index < names.length - 1 || path.endsWith('/');
      directories.get(parent)?.set(name, { name, directory });
      parent = parent === '' ? name : `${parent}/${name}`;
      if (directory && !directories.has(parent)) directories.set(parent, new Map());
    }
  }
  return { children: (path) => directories.get(path)?.values() ?? [] };
}
