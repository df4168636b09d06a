import type { IgnoreMatcher } from '../dockerfile/ignore/matcher.ts';
import type { FileStat } from '../system/file-stat.ts';
import type { Child } from './child.ts';

/** Where files are taken from. */
export interface Tree {
  /** Absolute path on the host: of a mounted file system, or of the user's directory. Of a stack, that of its top. */
  readonly root: string;
  /** Where the files are, if they are not all below `root`. */
  readonly stack?: FileStack | undefined;
  /**
   * In a context, every file counts as owned by 0:0. It belongs to the user, who may change it under our hands, and is
   * never written to.
   */
  readonly kind: 'context' | 'snapshot';
  /** What it excludes does not exist. Only of a context. */
  readonly ignore?: IgnoreMatcher | undefined;
  /** Absolute path on the host of something that is no part of it, wherever it is. */
  readonly hidden?: string | undefined;
}

/** A file system that lies in several directories of the host. Paths are absolute and binary; no link is followed. */
export interface FileStack {
  /** The directories, absolute. */
  readonly roots: readonly string[];
  /** What is at a path; undefined if nothing is. */
  readonly stat: (path: string) => FileStat | undefined;
  /** Where that is on the host, binary. */
  readonly hostPath: (path: string) => string | undefined;
  /** The entries of a directory. */
  readonly list: (path: string) => readonly Child[];
}

/** Where the files of a tree are on the host. */
export function rootsOf({ root, stack }: Tree): readonly string[] {
  return stack?.roots ?? [root];
}
