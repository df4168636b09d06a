/** The file system with nothing in it. */
export interface ScratchOp {
  readonly kind: 'scratch';
}

/** The layers of an image, resolved. */
export interface ImageOp {
  readonly kind: 'image';
  /** Full name, or the path of an OCI layout. */
  readonly reference: string;
  /** Digest of the manifest of the platform. */
  readonly manifest: string;
  /** Chain id of its layers, which is all that decides the result; empty if it has none. */
  readonly chain: string;
}

/** A directory of the user: the build context, or one that `--build-context` names. */
export interface LocalOp {
  readonly kind: 'local';
  /** `context`, or the name given to `--build-context`. */
  readonly name: string;
  /** Patterns of the ignore file that applies. */
  readonly excludes: readonly string[];
}

/** A file from the web. */
export interface HttpOp {
  readonly kind: 'http';
  readonly url: string;
  /** `sha256:...` that the content must have; empty for any. */
  readonly checksum: string;
  /** What the file is to be called; absent: as the URL or the server says. */
  readonly filename?: string;
}

/** A commit of a git repository. */
export interface GitOp {
  readonly kind: 'git';
  readonly remote: string;
  /** Branch, tag or commit; empty for the default branch. */
  readonly ref: string;
  /** Directory of the repository that is wanted; empty for all of it. */
  readonly subdir: string;
  readonly keepGitDir: boolean;
  /** Commit, or its beginning, that `ref` must be; empty for any. */
  readonly checksum: string;
  readonly skipSubmodules: boolean;
  /** The time of its files: when they were written, or that of the commit. */
  readonly mtime: 'checkout' | 'commit';
  /** The commit is `checksum`, a whole hash, and nobody is asked whether `ref` leads there. */
  readonly fetchByCommit: boolean;
}
