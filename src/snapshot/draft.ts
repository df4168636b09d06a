/** A layer that a step is making. */
export interface Draft {
  readonly parent: string;
  /** Directories of the layers below, bottom first. */
  readonly lowers: readonly string[];
  /** Where changes go: what will be the directory of the layer. */
  readonly upper: string;
  /** For overlayfs. */
  readonly work: string;
  /** ns since 1970 when it was begun. */
  readonly since: bigint;
}
