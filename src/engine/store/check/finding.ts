/** What can be wrong with a store. */
export type FindingKind =
  /** The database cannot be read, or contradicts itself. */
  | 'database-damaged'
  /** `index.json` is not what the database says. */
  | 'index-differs'
  /** A blob is not what its name says. */
  | 'blob-corrupt'
  /** Something in `blobs/` that is no blob. */
  | 'stray-file'
  /** An image with a name has a part that is missing or damaged. */
  | 'image-incomplete'
  /** The directory of a layer is missing. */
  | 'layer-missing'
  /** A layer has neither a directory nor a blob to make it from. */
  | 'layer-lost'
  /** The files of a layer are not those that it was made with. */
  | 'layer-changed'
  /** What a process that was killed has left. */
  | 'leftover';

/** Something that is wrong. */
export interface Finding {
  readonly kind: FindingKind;
  /** Digest, chain, name or path of what it is about. */
  readonly subject: string;
  /** What is wrong with it, and with what that is for. */
  readonly message: string;
}

/** A finding, and what can be done. */
export interface Damage extends Finding {
  /** Removes what is damaged; what was done, in a few words. Undefined if it cannot be done while others use the store. */
  readonly repair: () => string | undefined;
}
