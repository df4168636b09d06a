import type { Draft } from './draft.ts';

/** A file system that can be changed: an overlay that is still to be mounted; without `lowers`, the directory `upper` itself. */
export interface ChangeableFiles {
  /** Directories, bottom first. */
  readonly lowers: readonly string[];
  readonly upper: string;
  readonly work: string;
}

/**
 * How layers become file systems. Layers are the same directories whichever it is: what each of them changes, with marks for
 * what is gone.
 */
export interface Snapshotter extends AsyncDisposable {
  /** The file system of two layers or more, bottom first, to be read only, at a path that is good until it is disposed of. */
  readonly readable: (layers: readonly string[]) => Promise<string>;
  /** The file system of a draft that has layers below it. It is the same each time. */
  readonly changeable: (draft: Draft) => Promise<ChangeableFiles>;
  /** Sees to it that what was changed in the file system of a draft is in its `upper`; nothing can be changed after that. */
  readonly collect: (draft: Draft) => Promise<void>;
  /** Says that a draft is the layer of a chain now, in a directory. */
  readonly committed: (draft: Draft, layer: CommittedLayer) => void;
  /** A directory that can be changed, which changes nothing of the one that it shows. */
  readonly scratch: (directory: string) => Promise<ChangeableFiles>;
}

export interface CommittedLayer {
  readonly chain: string;
  readonly directory: string;
}
