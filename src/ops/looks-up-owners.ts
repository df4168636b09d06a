import type { FileOp } from '../graph/file-op.ts';

/** Whether the files of what is changed say which user has which number. */
export function looksUpOwners({ actions }: FileOp): boolean {
  return actions.some(({ owner }) => owner?.input === 0 && !/^[0-9]+(?::[0-9]+)?$/.test(owner.text));
}
