import type { HoldingKind } from '../../content/holdings.ts';

/** What a record is; the names are those of BuildKit where it has one. */
export type RecordType =
  /** An image that has a name: its blobs that no other image has. */
  | 'image'
  /** A blob that no image with a name has, or that several have. */
  | 'blob'
  /** A layer as a directory: the result of a step, or a layer of a base image. */
  | 'regular'
  /** The directory of a `RUN --mount=type=cache`. */
  | 'exec.cachemount'
  /** A file from the web. */
  | 'source.http'
  /** The files of a commit. */
  | 'source.git.checkout'
  /** What was fetched of a git repository. */
  | 'source.git.repository'
  /** The database, what processes are writing, and what killed ones have left. */
  | 'internal';

/** Something that the store keeps. */
export interface StoreRecord {
  /** Chain id of a layer, digest of a blob or an image, name of a directory. */
  readonly id: string;
  readonly type: RecordType;
  /** For people. */
  readonly description: string;
  /** Bytes on the disk; what several records share is counted with one of them. */
  readonly size: number;
  /** ms since 1970; absent if nobody knows. */
  readonly created: number | undefined;
  /** ms since 1970, at most 15 minutes too early; absent if nobody knows. */
  readonly lastUsed: number | undefined;
  /** Ids of the layers it is on top of: one, or none. */
  readonly parents: readonly string[];
  /** A process that runs now uses it, or may do so. */
  readonly inUse: boolean;
  /** An image that has a name has it, too. */
  readonly shared: boolean;
  /** `kiln prune --all` would remove it. */
  readonly reclaimable: boolean;
}

/** Where a record is, and how it is removed. */
export type Place =
  | { readonly kind: 'layer'; readonly chain: string; readonly directory: string | undefined }
  | { readonly kind: 'holding'; readonly holding: HoldingKind; readonly name: string; readonly path: string }
  /** Left by a process that was killed. */
  | { readonly kind: 'abandoned'; readonly path: string }
  /** Not removed by itself. */
  | { readonly kind: 'fixed' };

/** A record, and what it is connected with. */
export interface StoreNode extends StoreRecord {
  /** Unlike the id, no other record has it. */
  readonly key: string;
  readonly place: Place;
  /** Keys of records that must not be removed before this one. */
  readonly needs: readonly string[];
  /** Only a line in the database: a layer of an image that nobody has unpacked. */
  readonly isHidden: boolean;
}
