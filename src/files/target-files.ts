import type { ContentCopy } from './copy-content.ts';
import type { Entry } from './entry.ts';
import type { OwnerIds } from './owner.ts';
import type { PathReader } from './scoped-path.ts';

/** Extended attributes, by name. */
export type Xattrs = readonly (readonly [string, Uint8Array])[];

/**
 * The files that COPY, ADD and WORKDIR change. Paths are absolute in it and binary, and have no link on the way: a `Destination`
 * has resolved them. What is made stands where nothing is, in a directory that is there.
 */
export interface TargetFiles extends PathReader {
  /** Absolute path of the host, if the files are on a disk. */
  readonly root: string | undefined;
  readonly makeDirectory: (path: string) => void;
  /** Removes a file or a directory with all that is in it. */
  readonly remove: (path: string) => void;
  /** Makes what an entry of a source is, unless that is a directory; its attributes are not set yet. A promise if it takes longer. */
  readonly copy: (copy: ContentCopy, entry: Entry, path: string) => Promise<void> | undefined;
  /** Makes a file with a content. */
  readonly write: (path: string, content: Uint8Array) => void;
  /** The set-id bits may be gone afterwards. */
  readonly setOwner: (path: string, owner: OwnerIds) => void;
  /** Sets the twelve bits of the permissions; not of links. */
  readonly setMode: (path: string, bits: number) => void;
  /** Adds extended attributes; what cannot be kept is left out. */
  readonly setXattrs: (path: string, xattrs: Xattrs) => void;
  /** Sets the time of last modification, in ns since 1970; of a link its own. */
  readonly setTime: (path: string, timeNs: bigint) => void;
}
