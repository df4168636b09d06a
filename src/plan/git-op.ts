import type { GitReference } from '../dockerfile/values/git-reference.ts';
import type { GitOp } from '../graph/source-op.ts';

/** What is said besides the URL; the URL comes first. */
export interface GitFlags {
  readonly keepGitDir?: boolean | undefined;
  /** Empty or absent for any. */
  readonly checksum?: string;
  readonly mtime?: GitOp['mtime'];
}

/** What fetches a git URL: of ADD, of the build context, and of contexts with a name. */
export function gitOp(reference: GitReference, flags: GitFlags = {}): GitOp {
  const { remote, ref, subdir, fetchByCommit } = reference;
  return {
    kind: 'git',
    ...{ remote, ref, subdir, fetchByCommit },
    keepGitDir: reference.keepGitDir ?? flags.keepGitDir ?? false,
    checksum: reference.checksum || (flags.checksum ?? ''),
    skipSubmodules: reference.submodules === false,
    mtime: reference.mtime || (flags.mtime ?? 'checkout'),
  };
}
