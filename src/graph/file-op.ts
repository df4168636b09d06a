/** Changes a file system. Input 0 is what is changed; the others are copied from. */
export interface FileOp {
  readonly kind: 'file';
  readonly actions: readonly FileAction[];
}

export type FileAction = CopyAction | MakeFileAction | MakeDirectoryAction;

/** Who a file belongs to, as `--chown` has it: names are looked up in the passwd and group files of an input. */
export interface Owner {
  /** `user`, `user:group`, by name or number. */
  readonly text: string;
  /** Index of the input whose passwd and group files count. */
  readonly input: number;
}

/**
 * COPY and ADD of one source.
 *
 * @see https://github.com/moby/buildkit/blob/v0.32.0/solver/pb/ops.proto#L330 FileActionCopy
 */
export interface CopyAction {
  readonly kind: 'copy';
  /** Index into the inputs of the vertex. */
  readonly input: number;
  /** Absolute, clean but for a `.` that `parents` takes as the place to begin; may have wildcards. */
  readonly source: string;
  /** Absolute; a slash at the end makes it a directory. */
  readonly destination: string;
  /** Octal, or as chmod(1) has it; empty to keep the mode. */
  readonly mode: string;
  /** Absent: as in the source, root's if it comes from the context. */
  readonly owner: Owner | undefined;
  /** The path of the source is kept below the destination. */
  readonly parents: boolean;
  /** Patterns of `--exclude`. */
  readonly excludes: readonly string[];
  /** Archives are unpacked: if they are some, always (an error if not), or never. */
  readonly unpack: 'auto' | 'always' | 'never';
  /** Wildcards have a meaning. */
  readonly wildcards: boolean;
  /** What is in the way of a directory is replaced; links in the destination are not followed. */
  readonly replace: boolean;
  /** Time of directories that are made, in s since 1970; absent: now. */
  readonly timestamp: number | undefined;
}

/** A file with a given content: a heredoc. */
export interface MakeFileAction {
  readonly kind: 'makeFile';
  /** Absolute; a slash at the end makes it a directory, in which the file is called `name`. */
  readonly destination: string;
  readonly name: string;
  readonly content: string;
  /** Octal, or as chmod(1) has it; empty for 0644. */
  readonly mode: string;
  readonly owner: Owner | undefined;
  readonly timestamp: number | undefined;
}

/** A directory with its parents; one that is there already is left alone. */
export interface MakeDirectoryAction {
  readonly kind: 'makeDirectory';
  readonly path: string;
  readonly mode: number;
  readonly owner: Owner | undefined;
  readonly timestamp: number | undefined;
}
