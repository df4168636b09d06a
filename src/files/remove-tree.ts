import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { childPath, fsPath } from './binary-path.ts';

/** Removes a file or a directory with all that is in it; links are not followed. */
export function removeTree(hostPath: string): void {
  if (!lstatSync(fsPath(hostPath)).isDirectory()) {
    unlinkSync(fsPath(hostPath));
    return;
  }
  for (const name of readdirSync(fsPath(hostPath), 'latin1')) removeTree(childPath(hostPath, name));
  rmdirSync(fsPath(hostPath));
}
