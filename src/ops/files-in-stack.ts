import { readlinkSync } from 'node:fs';
import { toBinary, toText, fsPath } from '../files/binary-path.ts';
import type { FilesBelow } from '../files/planned-files.ts';
import { findInStack } from '../layer/overlay.ts';

/** The files of a stack of overlay directories, bottom first, which is not mounted. */
export function filesInStack(directories: readonly string[]): FilesBelow {
  return {
    find: (path) => {
      const found = directories.length === 0 ? undefined : findInStack(directories, toText(path.slice(1)));
      if (!found) return undefined;
      const host = toBinary(found.path);
      return { kind: 'file', stat: found.stat, host, readLink: () => readlinkSync(fsPath(host), 'latin1') };
    },
  };
}
