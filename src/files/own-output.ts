import { fstatSync } from 'node:fs';
import { lazy } from '../spec/lazy.ts';
import type { FileIdentity } from '../system/file-stat.ts';

/** What standard output and standard error of this process are, if they are files. */
const ownOutputs = lazy(() =>
  [1, 2].flatMap((fd) => {
    try {
      const stat = fstatSync(fd, { bigint: true });
      return stat.isFile() ? [stat] : [];
    } catch {
      // It is closed.
      return [];
    }
  }),
);

/** Whether a file grows because this process says what it does: a log in the context. It is taken as it is when it is read. */
export function isOwnOutput({ dev, ino }: Pick<FileIdentity, 'dev' | 'ino'>): boolean {
  return ownOutputs().some((own) => own.dev === dev && own.ino === ino);
}
